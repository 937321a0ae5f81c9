#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The form of build/purgatory.ro: what the two loaders of a purgatory ask for, and what they cannot do. Each check is tried on
# an object that is made wrong on the spot as well. Then the parts of boot/ that can run on the host.
#
# Sources: kernel/kexec_file.c and arch/x86/kernel/machine_kexec_64.c of Linux, kexec/kexec-elf-rel.c of kexec-tools.
use strict;
use warnings;

BEGIN { print STDERR "$0: unknown argument: $ARGV[0] (it takes none)\n" and exit 2 if @ARGV }
no warnings 'portable'; # 64-bit numbers
use Digest::SHA qw(sha256_hex);
use File::Temp qw(tempdir);
use FindBin;
use IPC::Open2;
use Test::More;

chdir "$FindBin::Bin/.." or die "no checkout: $!\n";
my $build = $ENV{BUILD} // 'build';
my $dir   = tempdir( CLEANUP => 1 );

# What is looked up by name, and how many bytes the loaders take it to have.
my %size_of = (
	entry64_regs            => 136,
	purgatory_sha256_digest => 32,
	purgatory_sha_regions   => 256,
	backup_src_size         => 8,
	backup_src_start        => 8,
	backup_start            => 8,
	cmdline_end             => 8,
	console_serial          => 1,
	console_vga             => 1,
	panic_kernel            => 1,
	reset_vga               => 1,
	serial_base             => 2,
	serial_baud             => 4,
	sha256_digest           => 32,
	sha256_regions          => 256,
	skip_checks             => 4,
);

my $FILE_MAX   = 80 * 1024;
my $MEMORY_MAX = 560 * 1024;

sub lines_of {
	my @command = @_;
	open my $pipe, '-|', @command or die "$command[0]: $!\n";
	chomp( my @lines = <$pipe> );
	close $pipe or die "@command failed\n";
	return @lines;
}

sub run {
	return system(@_) == 0;
}

# name => { size, bind, section } of every symbol that has a name
sub symbols_of {
	my ($file) = @_;
	my %symbols;
	for ( lines_of( 'readelf', '-sW', $file ) ) {
		my ( $value, $size, $type, $bind, $section, $name ) =
		  /^\s*\d+:\s+([0-9a-f]+)\s+(\d+)\s+(\w+)\s+(\w+)\s+\w+\s+(\w+)\s+(\S+)/
		  or next;
		$symbols{$name} =
		  { value => hex $value, size => $size, type => $type, bind => $bind, section => $section };
	}
	return %symbols;
}

# index => { name, type, size, flags, align } of every section
sub sections_of {
	my ($file) = @_;
	my %sections;
	for ( lines_of( 'readelf', '-SW', $file ) ) {
		my ( $index, $name, $type, $size, $flags, $align ) =
		  /^\s*\[\s*(\d+)\]\s+(\.\S+)\s+(\w+)\s+[0-9a-f]+\s+[0-9a-f]+\s+([0-9a-f]+)\s+[0-9a-f]+\s+([A-Z]*)\s.*?(\d+)$/
		  or next;
		$sections{$index} = { name => $name, type => $type, size => hex $size, flags => $flags, align => $align };
	}
	return %sections;
}

# Each of these returns what is wrong with an object; nothing if all is well.
sub wrong_relocations {
	my ($file) = @_;
	my %seen;
	/^[0-9a-f]{12,}\s+[0-9a-f]+\s+(R_X86_64_\w+)/ and $seen{$1}++ for lines_of( 'readelf', '-rW', $file );
	delete @seen{qw(R_X86_64_64 R_X86_64_PC32 R_X86_64_PLT32)};
	return sort keys %seen;
}

sub undefined_symbols {
	my ($file) = @_;
	my %symbols = symbols_of($file);
	return sort grep { $symbols{$_}{section} eq 'UND' || $symbols{$_}{section} eq 'COM' } keys %symbols;
}

sub offset_tables {
	my ($file) = @_;
	my %sections = sections_of($file);
	my %symbols  = symbols_of($file);
	return sort( ( grep { /^\.(got|plt)/ } map { $_->{name} } values %sections ),
		( grep { $_ eq '_GLOBAL_OFFSET_TABLE_' } keys %symbols ) );
}

# CR4.OSFXSR is 0 and CR0.EM may be anything: no SSE, no MMX, no x87
sub vector_instructions {
	my ($file) = @_;
	return grep { /%[xyz]mm\d|%mm\d|%st\b|\tf(ld|st|xsave|init|xrstor)/ }
	  lines_of( 'objdump', '-d', '--no-show-raw-insn', $file );
}

sub wrong_symbols {
	my ($file) = @_;
	my %symbols = symbols_of($file);
	my %sections = sections_of($file);
	my @wrong;
	for my $name ( sort( keys %size_of, 'stack_end' ) ) {
		my $symbol = $symbols{$name};
		if ( !$symbol ) {
			push @wrong, "$name is missing";
			next;
		}
		push @wrong, "$name is $symbol->{bind}" if $symbol->{bind} ne 'GLOBAL';
		push @wrong, "$name has $symbol->{size} bytes, not $size_of{$name}"
		  if defined $size_of{$name} && $symbol->{size} != $size_of{$name};
		push @wrong, "$name is in .bss" if ( $sections{ $symbol->{section} }{type} // '' ) ne 'PROGBITS';
	}
	return @wrong;
}

sub wrong_entry {
	my ($file) = @_;
	my %symbols  = symbols_of($file);
	my %sections = sections_of($file);
	my ($entry)  = map { /Entry point address:\s+0x([0-9a-f]+)/ ? hex $1 : () } lines_of( 'readelf', '-hW', $file );
	my $start    = $symbols{purgatory_start} or return 'purgatory_start is missing';
	my @exec     = grep { $_->{flags} =~ /X/ } values %sections;
	my @wrong;
	push @wrong, 'purgatory_start is not global' if $start->{bind} ne 'GLOBAL';
	push @wrong, 'the entry is not purgatory_start' if $entry != $start->{value};
	push @wrong, 'purgatory_start cannot be executed' if $sections{ $start->{section} }{flags} !~ /AX/;
	push @wrong, @exec . ' executable sections' if @exec != 1;
	return @wrong;
}

# As kexec_purgatory_setup_kbuf() counts it.
sub memory_size {
	my ($file) = @_;
	my %sections = sections_of($file);
	my ( $data, $bss, $bss_align ) = ( 0, 0, 1 );
	my $up = sub { my ( $n, $align ) = @_; $align ||= 1; return int( ( $n + $align - 1 ) / $align ) * $align };
	for my $section ( map { $sections{$_} } sort { $a <=> $b } keys %sections ) {
		next if $section->{flags} !~ /A/;
		if ( $section->{type} eq 'NOBITS' ) {
			$bss = $up->( $bss, $section->{align} ) + $section->{size};
			$bss_align = $section->{align} if $section->{align} > $bss_align;
		} else {
			$data = $up->( $data, $section->{align} ) + $section->{size};
		}
	}
	return $up->( $data, $bss_align ) + $bss;
}

# Linked to where a loader might put it: a distance or an address that does not fit is an error of the linker's.
sub linked_at {
	my ( $file, $address ) = @_;
	my $out = "$dir/linked-" . ( $file =~ tr{/}{_}r );
	return run( 'ld', '-e', 'purgatory_start', '-z', 'noexecstack', '-Ttext', $address, '-o', $out, $file ) ? $out : undef;
}

sub loaded_bytes {
	my ($linked) = @_;
	run( 'objcopy', '-O', 'binary', $linked, "$linked.bin" ) or return '';
	open my $file, '<:raw', "$linked.bin" or die "$linked.bin: $!\n";
	local $/;
	return scalar <$file>;
}

sub check_object {
	my ( $file, $compiler ) = @_;
	is_deeply( [ wrong_relocations($file) ],   [], "$compiler: only relocations 64, PC32 and PLT32" );
	is_deeply( [ undefined_symbols($file) ],   [], "$compiler: no undefined symbol" );
	is_deeply( [ offset_tables($file) ],       [], "$compiler: no global offset table" );
	is_deeply( [ vector_instructions($file) ], [], "$compiler: no SSE, MMX or x87 instruction" );
	is_deeply( [ wrong_symbols($file) ],       [], "$compiler: every symbol of both loaders, global, sized, outside .bss" );
	is_deeply( [ wrong_entry($file) ],         [], "$compiler: entered at purgatory_start, in the one executable section" );
	cmp_ok( -s $file,           '<=', $FILE_MAX,   "$compiler: the file is small enough" );
	cmp_ok( memory_size($file), '<=', $MEMORY_MAX, "$compiler: it takes little enough memory" );
	ok( linked_at( $file, '0x7f0000000000' ), "$compiler: it can be loaded at any address" );
	diag sprintf '%s: %d bytes in the file, %d KiB in memory', $compiler, -s $file, memory_size($file) / 1024
	  if $ENV{TEST_VERBOSE};
}

my $ro = "$build/purgatory.ro";
ok( -f $ro, "$ro is built" ) or BAIL_OUT("make $ro first");
check_object( $ro, 'gcc' );

# What docs/stage.md says of its memory, to the tenth part: it is for people.
sub documented {
	my ($what) = @_;
	open my $page, '<', 'docs/stage.md' or die "docs/stage.md: $!\n";
	my ($size) = map { /^\| \Q$what\E \| ([\d.]+) KiB \|/ ? $1 * 1024 : () } <$page>;
	return $size // 0;
}

my %section_size = map { /^(\.\w+)\s+(\d+)/ ? ( $1 => $2 ) : () } `size -A $ro`;
my ($workspace) = map { /^\w+ (\w+) b workspace$/ ? hex $1 : () } `nm -S $build/stage/purgatory.elf`;
for (
	[ q{code, constants, what the loaders set, GDT, the next kernel's first stack}, $section_size{'.text'} ],
	[ 'workspace of the core',                                                      $workspace ],
  )
{
	my ( $what, $size ) = @$_;
	my $said = documented($what);
	ok( $size && abs( $said - $size ) <= $size / 10, "docs/stage.md: $what" )
	  or diag sprintf 'it says %.1f KiB, it is %.1f KiB', $said / 1024, ( $size // 0 ) / 1024;
}

SKIP: {
	my $clang = $ENV{CLANG} // 'clang';
	skip "no $clang here", 9 if !run("command -v $clang >/dev/null");
	my $made = run("make -s --no-print-directory STAGE_CC=$clang BUILD=$build/clang $build/clang/purgatory.ro >$dir/log 2>&1");
	diag( lines_of( 'cat', "$dir/log" ) ) if !$made;
	check_object( $made ? "$build/clang/purgatory.ro" : '/dev/null', 'clang' );
}

# The relocations that are resolved while building must come out as a linker resolves them.
{
	my ( $whole, $resolved ) = map { linked_at( $_, '0x180000000' ) } "$build/stage/purgatory.elf", $ro;
	ok( $whole && $resolved, 'both the resolved and the unresolved object can be linked above 4 GiB' );
	my @bytes = map { loaded_bytes($_) } $whole, $resolved;
	cmp_ok( length $bytes[0], '>', 16384, 'there is something to compare' );
	ok( $bytes[0] eq $bytes[1], 'resolved relocations give the same bytes' );
}

# Things that C and assembler take for granted from each other.
{
	my %symbols = symbols_of("$build/stage/purgatory.elf");
	is( $symbols{handle}{value} - $symbols{fault_entries}{value}, 33 * 16, 'fault entries are 16 bytes each' );
	is( $symbols{stage_stack_guard}{value} % 4096, 0, 'the guard below the stack is a page' );
	is( $symbols{stage_stack}{value} - $symbols{stage_stack_guard}{value}, 4096, 'the stack begins where the guard ends' );
}

# The checks themselves: each must find fault with an object that has it.
sub bad_object {
	my ( $name, $c, @flags ) = @_;
	open my $file, '>', "$dir/$name.c" or die "$dir/$name.c: $!\n";
	print {$file} $c;
	close $file;
	run( 'gcc', '-O1', '-ffreestanding', '-fno-stack-protector', '-fcf-protection=none',
		'-fno-asynchronous-unwind-tables', @flags, '-c', '-o', "$dir/$name.o", "$dir/$name.c" )
	  or die "cannot compile $name.c\n";
	return "$dir/$name.o";
}

my $absolute = bad_object( 'absolute', 'int x[9]; int *f(int i) { return &x[i]; }', '-fno-pic', '-mcmodel=small' );
ok( ( grep { /R_X86_64_32/ } wrong_relocations($absolute) ), 'control: a 32-bit address is found' );
my $got = bad_object( 'got', 'extern int x; int f(void) { return x; }', '-fPIC' );
ok( ( grep { /GOT/ } wrong_relocations($got) ), 'control: a reference by offset table is found' );
is_deeply( [ grep { $_ ne '_GLOBAL_OFFSET_TABLE_' } undefined_symbols($got) ], ['x'], 'control: an undefined symbol is found' );
my $sse = bad_object( 'sse', 'double f(double a, double b) { return a * b; }' );
ok( scalar vector_instructions($sse), 'control: an SSE instruction is found' );
my $sizes = bad_object( 'sizes', 'char skip_checks[8] = { 1 }; char reset_vga; static char serial_base[2] = { 1 };'
	  . ' char *f(void) { return serial_base; } void purgatory_start(void) {}', '-fno-zero-initialized-in-bss' );
{
	my @wrong = wrong_symbols($sizes);
	ok( ( grep { $_ eq 'skip_checks has 8 bytes, not 4' } @wrong ), 'control: a wrong size is found' );
	ok( ( grep { $_ eq 'serial_base is LOCAL' } @wrong ),           'control: a local symbol is found' );
	ok( ( grep { $_ eq 'stack_end is missing' } @wrong ),           'control: a missing symbol is found' );
}
my $bss = bad_object( 'bss', 'char reset_vga; char b[1 << 20];', '-fzero-initialized-in-bss' );
ok( ( grep { $_ eq 'reset_vga is in .bss' } wrong_symbols($bss) ), 'control: a symbol in .bss is found' );
cmp_ok( memory_size($bss), '>', $MEMORY_MAX, 'control: a megabyte is too much' );
ok( ( grep { /executable sections/ } wrong_entry( bad_object( 'two',
	'void purgatory_start(void) {} void __attribute__((section(".text.hot"))) f(void) {}' ) ) ),
	'control: a second section of code is found' );
{
	open my $stderr, '>&', \*STDERR;
	close STDERR;
	my $linked = linked_at( bad_object( 'low', 'int x; void *purgatory_start(void) { return &x; }',
		'-fno-pic', '-mcmodel=small' ), '0x7f0000000000' );
	open STDERR, '>&', $stderr;
	ok( !$linked, 'control: an object that cannot be loaded high is found' );
}
{
	my $damaged = "$dir/damaged.ro";
	open my $in, '<:raw', $ro or die "$ro: $!\n";
	my $bytes = do { local $/; <$in> };
	substr( $bytes, 64 + 300, 1 ) ^= "\x01";
	open my $out, '>:raw', $damaged or die "$damaged: $!\n";
	print {$out} $bytes;
	close $out;
	ok( loaded_bytes( linked_at( $damaged, '0x180000000' ) ) ne
		  loaded_bytes( linked_at( "$build/stage/purgatory.elf", '0x180000000' ) ),
		'control: a byte that differs is found' );
}

# The parts that run on the host.
my $host = "$dir/host";
run( 'gcc', '-std=gnu11', '-g', '-O1', '-Wall', '-Wextra', '-Werror', '-fsanitize=undefined', '-fno-sanitize-recover=all',
	'-Iinclude', '-include', 'tests/purgatory/ports.h', '-o', $host, 'tests/purgatory/host.c', 'boot/purgatory/sha256.c',
	map( {"boot/x86/$_.c"} qw(console_args memory config acpi acpi_mcfg acpi_power) ), 'lib/plan/cmdline.c' )
  or BAIL_OUT('cannot compile tests/purgatory/host.c');

sub host {
	my ( $input, @arguments ) = @_;
	my $pid = open2( my $out, my $in, $host, @arguments );
	binmode $in;
	local $SIG{PIPE} = 'IGNORE';
	print {$in} $input;
	close $in;
	my $answer = do { local $/; <$out> } // '';
	waitpid $pid, 0;
	return $? ? "status $?" : $answer;
}

# Every length around the padding's edges, and every way of cutting a text into pieces.
{
	my @wrong;
	for my $len ( 0 .. 2, 54 .. 66, 118 .. 130, 1000 ) {
		my $text = join '', map { chr( ( $_ * 7 + $len ) & 255 ) } 1 .. $len;
		host( $text, 'sha256', 1000 ) eq sha256_hex($text) . "\n" or push @wrong, $len;
	}
	is_deeply( \@wrong, [], 'SHA-256 of short texts' );
	my $text = join '', map { chr( $_ * $_ & 255 ) } 1 .. 3000;
	is( host( $text, 'sha256', $_ ), sha256_hex($text) . "\n", "SHA-256 in pieces of $_" ) for 1, 7, 63, 64, 65, 1000;
}

# Names of serial ports, as Linux takes them.
{
	my %ports = (
		''                                                 => '',
		'console=tty0 console=ttyS0'                       => "io 0x3f8 0\n",
		'console=ttyS1,115200n8'                           => "io 0x2f8 115200\n",
		'console=ttyS2,9600 console=ttyS3'                 => "io 0x3e8 9600\nio 0x2e8 0\n",
		'console=ttyS4'                                    => '',
		'console=ttyS18446744073709551617'                 => '',
		'console=ttyS'                                     => '',
		'console=ttySAC0'                                  => '',
		'console=ttyS0,'                                   => "io 0x3f8 0\n",
		'console=ttyS0,999999999999999999999999'           => "io 0x3f8 0\n",
		'console=uart8250,io,0x2f8,57600n8'                => "io 0x2f8 57600\n",
		'console=uart,io,0x2f8'                            => "io 0x2f8 0\n",
		'earlycon=uart8250,io,0x10000'                     => '',
		'earlycon=uart8250,mmio,0xfe001000'                => "mmio 0xfe001000 0\n",
		'earlycon=uart8250,mmio16,0xfe001000'              => "mmio16 0xfe001000 0\n",
		'earlycon=uart8250,mmio32,0xfe001000,115200'       => "mmio32 0xfe001000 115200\n",
		'earlycon=uart8250,mmio32be,0xfe001000'            => '',
		'earlycon=uart8250,0xfe001000'                     => "mmio 0xfe001000 0\n",
		'earlycon=pl011,0x9000000'                         => '',
		'earlycon'                                         => '',
		'earlyprintk=serial'                               => "io 0x3f8 0\n",
		'earlyprintk=serial,ttyS1,57600,keep'              => "io 0x2f8 57600\n",
		'earlyprintk=serial,0x2e8,9600'                    => "io 0x2e8 9600\n",
		'earlyprintk=ttyS1'                                => "io 0x2f8 0\n",
		'earlyprintk=mmio32,0xfe001000'                    => "mmio32 0xfe001000 0\n",
		'earlyprintk=vga'                                  => '',
		'quiet "console=ttyS1" -- console=ttyS2'           => "io 0x2f8 0\n",
		'xconsole=ttyS1'                                   => '',
	);
	is( host( '', 'consoles', $_ ), $ports{$_}, "consoles of '$_'" ) for sort keys %ports;
}

# Which memory may be read. Entries touch, overlap and stand in any order.
{
	my $map = join '', map { "$_\n" } '100000 100000 1', '300000 100000 1', '200000 100000 1', '400000 1000 3',
	  '500000 100000 1', '580000 1000 2', 'fffffffffffff000 1000 1', '600000 0 1', '0 1000 1';
	my @cases = (
		[ '0x100000',           '1',                  2, 'yes' ],
		[ '0xfffff',            '1',                  2, 'no' ],
		[ '0xfffff',            '2',                  2, 'no' ],
		[ '0x100000',           '0x300000',           2, 'yes' ],
		[ '0x1fffff',           '2',                  2, 'yes' ],
		[ '0x100000',           '0x300001',           2, 'no' ],
		[ '0x400000',           '0x1000',             8, 'yes' ],
		[ '0x400000',           '0x1000',             2, 'no' ],
		[ '0x3fffff',           '2',                  10, 'yes' ],
		[ '0x57ffff',           '1',                  2, 'yes' ],
		[ '0x57ffff',           '2',                  2, 'no' ],
		[ '0x581000',           '0x7f000',            2, 'yes' ],
		[ '0x600000',           '1',                  2, 'no' ],
		[ '0x100000',           '0',                  2, 'no' ],
		[ '0x100000',           '0xffffffffffffffff', 2, 'no' ],
		[ '0xfffffffffffff800', '0x1000',             2, 'no' ],
	);
	is( host( $map, 'memory', @$_[ 0 .. 2 ] ), "$_->[3]\n", "memory $_->[1] at $_->[0], types $_->[2]: $_->[3]" ) for @cases;
}

# ACPI: tables as firmware would write them, from 1 MiB on.
my $BASE = 0x100000;

sub with_sum {
	my ( $bytes, $at ) = @_;
	substr( $bytes, $at, 1 ) = "\0";
	substr( $bytes, $at, 1 ) = chr( -unpack( '%8C*', $bytes ) & 255 );
	return $bytes;
}

sub table {
	my ( $signature, $revision, $body ) = @_;
	return with_sum( pack( 'a4 V C C a6 a8 V a4 V', $signature, 36 + length $body, $revision, 0, 'PCIGAT', 'TEST', 1, 'TEST', 1 )
		  . $body, 9 );
}

# RSDP and XSDT, with the tables behind them
sub memory {
	my (@tables) = @_;
	my ( $at, $body, $entries ) = ( $BASE + 0x1000, '', '' );
	for (@tables) {
		$entries .= pack 'Q<', $at + length $body;
		$body    .= $_ . "\0" x ( -length($_) % 16 );
	}
	my $rsdp = pack 'a8 C a6 C V V Q< C x3', 'RSD PTR ', 0, 'PCIGAT', 2, 0, 36, $BASE + 64, 0;
	$rsdp = with_sum( with_sum( substr( $rsdp, 0, 20 ), 8 ) . substr( $rsdp, 20 ), 32 );
	my $root = "$rsdp" . "\0" x 28 . table( 'XSDT', 1, $entries );
	return $root . "\0" x ( 0x1000 - length $root ) . $body;
}

sub window {
	my ( $address, $segment, $first, $last ) = @_;
	return pack 'Q< v C C V', $address, $segment, $first, $last, 0;
}

my $mcfg = table( 'MCFG', 1, "\0" x 8 . window( 0xb0000000, 0, 0, 255 ) );
is( host( memory($mcfg), 'find', 'MCFG' ), "0x101000\n", 'a table is found' );
is( host( memory($mcfg), 'find', 'FACP' ), "none\n",     'another one is not' );
# What is wrong with tables and does not keep Linux from using them: it warns of checksums, it does not look at the root
# pointer that it is told of, nor at the signature of the XSDT.
sub changed {
	my ( $memory, %bytes ) = @_;
	substr( $memory, $_, length $bytes{$_} ) = $bytes{$_} for keys %bytes;
	return $memory;
}
{
	my $good = memory($mcfg);
	my $bit  = sub { my ($at) = @_; return changed( $good, $at => substr( $good, $at, 1 ) ^ "\x01" ) };
	my $XSDT = 64;
	is( host( $bit->( 0x1000 + 9 ), 'find', 'MCFG' ),  "0x101000\n", 'a table with a wrong checksum is used' );
	is( host( $bit->( 0x1000 + 9 ), 'windows' ), "0000:00-ff 0xb0000000\n", 'so is a window in it' );
	is( host( $bit->(8), 'find', 'MCFG' ),             "0x101000\n", 'so are tables behind a root pointer with a wrong checksum' );
	is( host( $bit->(32), 'find', 'MCFG' ),            "0x101000\n", 'or with a wrong second one' );
	is( host( $bit->(0), 'find', 'MCFG' ),             "0x101000\n", 'or with another signature' );
	is( host( $bit->( $XSDT + 9 ), 'find', 'MCFG' ),   "0x101000\n", 'or behind an XSDT with a wrong checksum' );
	is( host( $bit->( $XSDT + 3 ), 'find', 'MCFG' ),   "0x101000\n", 'or with another signature' );
	is( host( changed( $good, $XSDT + 4 => pack 'V', 36 + 8 + 7 ), 'find', 'MCFG' ), "0x101000\n",
		'or with a length that ends within an entry' );
	is( host( changed( $good, 0x1004 => pack 'V', 44 + 16 + 15 ), 'windows' ), "0000:00-ff 0xb0000000\n",
		'an entry that is cut off does not count' );
	is( host( changed( $good, 0x1004 => pack 'V', 0x200000 ), 'find', 'MCFG' ), "none\n", 'a table that is longer than its memory is none' );
	is( host( changed( $good, 0x1004 => pack 'V', 35 ), 'find', 'MCFG' ), "none\n", 'nor is one that is shorter than its header' );
	is( host( changed( $good, $XSDT + 4 => pack 'V', 36 + 7 ), 'find', 'MCFG' ), "none\n", 'an XSDT without an entry has none' );
	# Without revision 2 the XSDT does not count, and the RSDT is at address 0.
	is( host( changed( $good, 15 => "\x01" ), 'find', 'MCFG' ), "none\n", 'a root pointer of revision 1 has no XSDT' );
	is( host( changed( $good, 15 => "\x01", 16 => pack( 'V', $BASE + 64 ), 64 + 36 => pack 'V V', $BASE + 0x1000, 0 ), 'find', 'MCFG' ),
		"0x101000\n", 'but an RSDT' );
	is( host( memory( table( 'XXXX', 1, '' ), $mcfg ), 'find', 'MCFG' ), "0x101030\n", 'a table behind another is found' );
}
is( host( memory($mcfg), 'windows' ), "0000:00-ff 0xb0000000\n", 'one window' );

sub mcfg {
	my ( $revision, @windows ) = @_;
	return table( 'MCFG', $revision, "\0" x 8 . join '', map { window(@$_) } @windows );
}

sub is_windows {
	my ( $tables, $expected, $what ) = @_;
	is( host( memory(@$tables), 'windows' ), join( '', map { "$_\n" } @$expected ), $what );
}
is_windows( [ mcfg( 1, [ 0x3000000000, 2, 0, 255 ], [ 0xc0000000, 1, 128, 255 ], [ 0xd0000000, 1, 0, 127 ], [ 0xe0000000, 1, 0, 63 ] ) ],
	[ '0001:00-3f 0xe0000000', '0001:40-7f 0xd0000000', '0001:80-ff 0xc0000000', '0002:00-ff 0x3000000000' ],
	'of windows that begin at the same bus the later one counts' );
is_windows( [ mcfg( 1, [ 0xc0000000, 0, 64, 191 ], [ 0xd0000000, 0, 0, 127 ], [ 0xe0000000, 0, 128, 159 ] ) ],
	[ '0000:00-3f 0xd0000000', '0000:40-7f 0xd0000000', '0000:80-9f 0xc0000000', '0000:a0-bf 0xc0000000' ],
	'of windows that overlap the one that begins first counts' );
is_windows( [ mcfg( 1, [ 0xb0000000, 0, 0, 255 ], [ 0xb0000000, 0, 0, 255 ] ) ], ['0000:00-ff 0xb0000000'], 'a window that is there twice' );
is_windows( [ mcfg( 1, map { [ 0x4000000000 + ( $_ << 28 ), $_, 0, 255 ] } 0 .. 511 ) ],
	[ map { sprintf '%04x:00-ff 0x%x', $_, 0x4000000000 + ( $_ << 28 ) } 0 .. 511 ], '512 segments, each with a window' );
is_windows( [ mcfg( 1, map { [ 0xb0000000, 0, $_, $_ ] } reverse 0 .. 255 ) ],
	[ map { sprintf '0000:%02x-%02x 0xb0000000', $_, $_ } 0 .. 255 ], 'a window for each bus' );
is_windows( [ mcfg( 1, [ 0xb0000000, 0, 0, 255 ] ), mcfg( 1, [ 0xc0000000, 1, 0, 255 ] ) ], ['0000:00-ff 0xb0000000'],
	'a second MCFG is not used' );
# What makes Linux drop all windows (pci_parse_mcfg(), pci_mmcfg_arch_init(), ioremap()).
for (
	[ [ 0, 1, 0, 255 ],             'at address 0' ],
	[ [ 0xc0000000, 1, 1, 0 ],      'that ends in front of its first bus' ],
	[ [ 0xc0000000, 1, 255, 0 ],    'that ends far in front of its first bus' ],
	[ [ 0x180000000, 1, 0, 255 ],   'in RAM' ],
	[ [ 0xfff00000, 1, 0, 1 ],      'that ends in RAM' ],
  )
{
	is_windows( [ mcfg( 1, [ 0xb0000000, 0, 0, 255 ], $_->[0] ) ], [], "a window $_->[1] takes all others with it" );
}
is_windows( [ mcfg( 1, [ 0xff000000, 0, 0, 15 ] ) ], ['0000:00-0f 0xff000000'], 'a window that ends in front of RAM' );
is_windows( [ mcfg( 0, [ 0x3000000000, 0, 0, 255 ] ) ], [], 'a window above 4 GiB needs revision 1' );
is_windows( [ table( 'MCFG', 1, "\0" x 7 ) ], [], 'an MCFG without room for its head has no window' );
is_windows( [ table( 'MCFG', 1, "\0" x 8 . substr window( 0xb0000000, 0, 0, 255 ), 0, 15 ) ], [], 'nor has one whose window is cut off' );

# Configuration space: two buses at 0x200000, which the ports see as well. 00:01.0 and 01:01.0 are the same kind of device, with
# another extended capability. What cannot be reached is never absent.
{
	my $function = sub {
		my ( $id, $extended ) = @_;
		my $space = "\xff" x 4096;
		substr( $space, 0,     4 ) = pack 'V', $id;
		substr( $space, 0x100, 8 ) = pack 'V V', $extended, 0;
		return $space;
	};
	my $bus = sub {
		my ($extended) = @_;
		return "\xff" x ( 8 * 4096 ) . $function->( 0x10d38086, $extended ) . "\xff" x ( 247 * 4096 );
	};
	my $machine = sub {
		my (@tables) = @_;
		my $tables = memory(@tables);
		return $tables . "\0" x ( 0x100000 - length $tables ) . $bus->(0x00010010) . $bus->(0x00010003);
	};
	my $none  = $machine->( table( 'XXXX', 1, '' ) );
	my $right = $machine->( mcfg( 1, [ 0x200000, 0, 0, 1 ], [ 0x200000, 1, 0, 1 ] ) );
	my $other = $machine->( mcfg( 1, [ 0x300000, 0, 0, 0 ], [ 0x200000, 1, 0, 1 ] ) );
	my $ram   = $machine->( mcfg( 1, [ 0x180000000, 0, 0, 1 ] ) );
	for (
		[ $none,  '0 0 8 0',    [],                      'ok 0x10d38086',         'the ports need no window' ],
		[ $none,  '0 0 10 0',   [],                      'absent 0xffffffff',     'nothing answers there' ],
		[ $none,  '0 0 8 100',  [],                      'no window 0xffffffff',  'extended registers do' ],
		[ $none,  '1 0 8 0',    [],                      'no window 0xffffffff',  'so does another segment' ],
		[ $ram,   '0 0 8 100',  [],                      'no window 0xffffffff',  'an MCFG that Linux drops' ],
		[ $right, '0 0 8 100',  [],                      'ok 0x10010',            'a window of MCFG' ],
		[ $right, '0 1 8 100',  [],                      'ok 0x10003',            'its second bus' ],
		[ $right, '0 2 8 100',  [],                      'no window 0xffffffff',  'behind its last bus' ],
		[ $right, '1 2 8 0',    [],                      'no window 0xffffffff',  'the same in another segment' ],
		[ $right, '1 1 8 100',  [],                      'ok 0x10003',            'a window of another segment' ],
		[ $right, '0 0 10 100', [],                      'absent 0xffffffff',     'a function that is not there' ],
		[ $right, '0 0 8 1000', [],                      'no window 0xffffffff',  'a register that no function has' ],
		[ $right, '0 0 8 100',  ['0:0-ff,200000,2'],     'ok 0x10010',            'MCFG and record agree' ],
		[ $right, '0 1 8 100',  ['0:0-0,200000,1', '0:1-1,300000,1'], 'ok 0x10003', 'about a later root bus, too' ],
		[ $none,  '0 0 8 100',  ['0:0-ff,200000,2'],     'ok 0x10010',            'a window of the record alone' ],
		[ $none,  '1 1 8 100',  ['1:0-ff,200000,2'],     'ok 0x10003',            'the same in another segment' ],
		[ $ram,   '0 1 8 100',  ['0:0-ff,200000,2'],     'ok 0x10003',            'or where MCFG is of no use' ],
		[ $none,  '0 2 8 100',  ['0:0-ff,200000,2'],     'no window 0xffffffff',  'behind its last bus' ],
		[ $other, '0 0 8 100',  ['0:0-ff,200000,2'],     'unreadable 0xffffffff', 'MCFG and record contradict each other' ],
		[ $other, '0 1 8 100',  ['0:0-ff,200000,1'],     'no window 0xffffffff',  'behind the last bus of both' ],
		[ $right, '0 1 8 100',  ['0:0-ff,200000,1'],     'ok 0x10003',            'MCFG has more buses than the record' ],
		[ $right, '0 0 8 100',  ['0:0-ff,0,0'],          'no window 0xffffffff',  'the outgoing kernel did not use the window' ],
		[ $right, '0 1 8 100',  ['0:0-0,0,0'],           'ok 0x10003',            'nor for another root bus' ],
		[ $none,  '0 1 8 100',  ['0:0-ff,300000,1'],     'no window 0xffffffff',  'a window for a bus that is not asked' ],
		[ $none,  '0 0 8 100',  ['0:0-ff,180000000,2'],  'unreadable 0xffffffff', 'a window of the record in RAM' ],
		[ $none,  '0 0 8 100',  ['0:0-ff,40000000,2'],   'unreadable 0xffffffff', 'a window that cannot be mapped' ],
	  )
	{
		my ( $memory, $read, $roots, $expected, $what ) = @$_;
		is( host( $memory, 'read', split( ' ', $read ), @$roots ), "$expected\n", "config space: $what ($read @$roots)" );
	}
	# A window that is shifted shows other functions than the ports do, at some address.
	my $shifted = $none;
	substr( $shifted, 0x200000 + 8 * 4096, 4 ) = pack 'V', 0x10d48086;
	is( host( $shifted, 'read', qw(0 0 8 100), '0:0-ff,300000,1' ), "unreadable 0xffffffff\n", 'config space: a window of the record that shows another bus' );
	for ( [ $none, 0, [], '00-ff' ], [ $none, 1, [], 'none' ], [ $right, 1, [], '00-01' ], [ $right, 1, ['1:0-ff,200000,1'], '00-01' ],
		[ $none, 7, [ '7:40-4f,10000000,16', '7:80-8f,20000000,8' ], '40-87' ], [ $right, 1, ['1:0-1,0,0'], 'none' ] )
	{
		my ( $memory, $segment, $roots, $expected ) = @$_;
		is( host( $memory, 'buses', $segment, @$roots ), "$expected\n", "buses of segment $segment (@$roots): $expected" );
	}
}

# FADT of ACPI 1.0 length: DSDT at 40, PM1a control at 64, PM1b at 68
sub fadt {
	my ($dsdt) = @_;
	return table( 'FACP', 1, pack 'x4 V x20 V V x44', $dsdt, 0x604, 0x1004 );
}

sub dsdt {
	my ($aml) = @_;
	return table( 'DSDT', 1, "\x5b\x80" . $aml );
}
my $DSDT_AT = $BASE + 0x1000 + 128;
my $fadt = fadt($DSDT_AT);
$fadt .= "\0" x ( 128 - length $fadt );
my $written = sub { my ( $a, $b ) = @_; "inw 0x604\noutw 0x604 $a\ninw 0x1004\noutw 0x1004 $b\nwait 2000 ms\n" };

# Padding behind the FADT is not part of it: its length field says where it ends.
for (
	[ "\x08_S5_\x12\x06\x04\x0a\x05\x0a\x07\x00\x00", '0x3401', '0x3c01', 'bytes' ],
	[ "\x08\\_S5_\x12\x06\x04\x00\x01\x00\x00",       '0x2001', '0x2401', 'zero and one, with a root prefix' ],
	[ "\x08_S5_\x12\x40\x06\x04\x0b\x05\x00\x0b\x06\x00", '0x3401', '0x3801', 'words, with a length of two bytes' ],
  )
{
	my ( $aml, $a, $b, $what ) = @$_;
	is( host( memory( $fadt, dsdt($aml) ), 'poweroff' ), $written->( $a, $b ), "power off: $what" );
}
for (
	[ "_S5_\x12\x06\x04\x0a\x05\x0a\x07", 'a mention that is no definition' ],
	[ "\x08_S5_\x12\x06\x04\x0a",         'a definition that is cut off' ],
	[ "\x08_S5_\x12\x06\x04\x0b\x05",     'a definition that is cut off in a number' ],
	[ "\x08_S5_\x12\x06\x04ABCD\x00\x00", 'a value that is no number' ],
	[ "\x08_S5_\x12\xff\x00\x00\x00",     'a length that leads beyond the table' ],
	[ "\x08_S4_\x12\x06\x04\x0a\x05\x0a", 'another sleep state' ],
  )
{
	is( host( memory( $fadt, dsdt( $_->[0] ) ), 'poweroff' ), '', "power off writes nothing: $_->[1]" );
}
is( host( memory( fadt( $BASE + 0x200000 ) ), 'poweroff' ), '', 'power off writes nothing: no DSDT there' );

done_testing;
