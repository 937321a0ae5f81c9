#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The form of build/purgatory.ro: what the two loaders of a purgatory ask for, and what they cannot do. Each check is tried on
# an object that is made wrong on the spot as well. Then the parts of boot/ that can run on a desk.
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

my $FILE_MAX   = 64 * 1024;
my $MEMORY_MAX = 512 * 1024;

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

# The parts that run on a desk.
my $host = "$dir/host";
run( 'gcc', '-std=gnu11', '-g', '-O1', '-Wall', '-Wextra', '-Werror', '-fsanitize=undefined', '-fno-sanitize-recover=all',
	'-Iinclude', '-include', 'tests/purgatory/ports.h', '-o', $host, 'tests/purgatory/host.c', 'boot/purgatory/sha256.c',
	map( {"boot/x86/$_.c"} qw(console_args memory acpi acpi_mcfg acpi_power) ), 'lib/plan/cmdline.c' )
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
{
	my $wrong = memory($mcfg);
	substr( $wrong, 0x1000 + 50, 1 ) ^= "\x01";
	is( host( $wrong, 'find', 'MCFG' ), "none\n", 'a table with a wrong checksum is none' );
	$wrong = memory($mcfg);
	substr( $wrong, 15, 1 ) ^= "\x01";
	is( host( $wrong, 'find', 'MCFG' ), "none\n", 'nor is one that a damaged root pointer leads to' );
	$wrong = memory($mcfg);
	substr( $wrong, 33, 1 ) ^= "\x01";
	is( host( $wrong, 'find', 'MCFG' ), "none\n", 'nor one that a root pointer leads to which is damaged in its second part' );
	$wrong = memory($mcfg);
	substr( $wrong, 0x1004, 4 ) = pack 'V', 0x200000;
	is( host( $wrong, 'find', 'MCFG' ), "none\n", 'nor one that is longer than its memory' );
	substr( $wrong, 0x1004, 4 ) = pack 'V', 35;
	substr( $wrong, 0x1000, 35 ) = with_sum( substr( $wrong, 0x1000, 35 ), 9 );
	is( host( $wrong, 'find', 'MCFG' ), "none\n", 'nor one that is shorter than its header' );
	is( host( memory( table( 'XXXX', 1, '' ), $mcfg ), 'find', 'MCFG' ), "0x101030\n", 'a table behind another is found' );
}
is( host( memory($mcfg), 'windows' ), "0000:00-ff 0xb0000000\n", 'one window' );
is(
	host(
		memory(
			table(
				'MCFG', 1,
				"\0" x 8
				  . window( 0x3000000000, 2, 0,   255 )
				  . window( 0xc0000000,   1, 128, 255 )
				  . window( 0xd0000000,   1, 0,   127 )
				  . window( 0xe0000000,   1, 0,   63 )
			)
		),
		'windows'
	),
	"0001:00-3f 0xe0000000\n0001:00-7f 0xd0000000\n0001:80-ff 0xc0000000\n0002:00-ff 0x3000000000\n",
	'windows in the order in which Linux looks through them'
);
is( host( memory( table( 'MCFG', 1, "\0" x 8 . window( 0xb0000000, 0, 0, 255 ) . window( 0, 1, 0, 255 ) ) ), 'windows' ),
	'', 'a window at 0 takes all others with it' );
is( host( memory( table( 'MCFG', 0, "\0" x 8 . window( 0x3000000000, 0, 0, 255 ) ) ), 'windows' ),
	'', 'a window above 4 GiB needs revision 1' );
is( host( memory( table( 'MCFG', 1, "\0" x 7 ) ), 'windows' ), '', 'an MCFG without room for its head has no window' );
is( host( memory( table( 'MCFG', 1, "\0" x 8 . substr window( 0xb0000000, 0, 0, 255 ), 0, 15 ) ), 'windows' ),
	'', 'nor has one whose window is cut off' );
is( host( memory( table( 'MCFG', 1, "\0" x 8 . join '', map { window( 0xb0000000, $_, 0, 255 ) } 1 .. 65 ) ), 'windows' ),
	'', 'nor one with more windows than there is room for' );

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
