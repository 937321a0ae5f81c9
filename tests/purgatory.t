#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# purgatory.t - the form of build/purgatory.ro: what the two loaders of a purgatory require, and what they cannot do. Each
# check also runs on a wrong object, which it must find.
#
# Sources: kernel/kexec_file.c and arch/x86/kernel/machine_kexec_64.c of Linux, kexec/kexec-elf-rel.c of kexec-tools.
use strict;
use warnings;

BEGIN { print STDERR "$0: unknown argument: $ARGV[0] (it takes none)\n" and exit 2 if @ARGV }
no warnings 'portable'; # 64-bit numbers
use File::Temp qw(tempdir);
use FindBin;
use Test::More;

chdir "$FindBin::Bin/.." or die "no checkout: $!\n";
my $build = $ENV{BUILD} // 'build';
my $dir   = tempdir( CLEANUP => 1 );

# The symbols that the loaders look up, and the sizes that they assume.
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

my $FILE_MAX   = 96 * 1024;
my $MEMORY_MAX = 580 * 1024;

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

# Each of these functions returns what is wrong with an object.
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

# CR4.OSFXSR is 0 and CR0.EM is unknown, so SSE, MMX and x87 cannot be used.
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

# The size in memory as kexec_purgatory_setup_kbuf() calculates it.
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

# Links the object at an address that a loader may choose. The linker fails if a distance or an address does not fit.
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
	is_deeply( [ wrong_relocations($file) ],   [], "$compiler: all relocations are 64, PC32 or PLT32" );
	is_deeply( [ undefined_symbols($file) ],   [], "$compiler: no symbol is undefined" );
	is_deeply( [ offset_tables($file) ],       [], "$compiler: there is no global offset table" );
	is_deeply( [ vector_instructions($file) ], [], "$compiler: there is no SSE, MMX or x87 instruction" );
	is_deeply( [ wrong_symbols($file) ], [], "$compiler: the symbols for both loaders are global, have the right size, and are not in .bss" );
	is_deeply( [ wrong_entry($file) ], [], "$compiler: the entry is purgatory_start, in the only executable section" );
	cmp_ok( -s $file,           '<=', $FILE_MAX,   "$compiler: the file is not too large" );
	cmp_ok( memory_size($file), '<=', $MEMORY_MAX, "$compiler: the size in memory is not too large" );
	ok( linked_at( $file, '0x7f0000000000' ), "$compiler: the object can be loaded at a high address" );
	diag sprintf '%s: %d bytes in the file, %d KiB in memory', $compiler, -s $file, memory_size($file) / 1024
	  if $ENV{TEST_VERBOSE};
}

my $ro = "$build/purgatory.ro";
ok( -f $ro, "$ro is built" ) or BAIL_OUT("make $ro first");
check_object( $ro, 'gcc' );

# The sizes in docs/stage.md, which are right within 10 percent.
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
	my $documented = documented($what);
	ok( $size && abs( $documented - $size ) <= $size / 10, "docs/stage.md has the size of: $what" )
	  or diag sprintf 'the page has %.1f KiB, the size is %.1f KiB', $documented / 1024, ( $size // 0 ) / 1024;
}

SKIP: {
	my $clang = $ENV{CLANG} // 'clang';
	skip "no $clang here", 9 if !run("command -v $clang >/dev/null");
	my $made = run("make -s --no-print-directory STAGE_CC=$clang BUILD=$build/clang $build/clang/purgatory.ro >$dir/log 2>&1");
	diag( lines_of( 'cat', "$dir/log" ) ) if !$made;
	check_object( $made ? "$build/clang/purgatory.ro" : '/dev/null', 'clang' );
}

# The build resolves some relocations. The result must be the same as that of the linker.
{
	my ( $whole, $resolved ) = map { linked_at( $_, '0x180000000' ) } "$build/stage/purgatory.elf", $ro;
	ok( $whole && $resolved, 'the objects before and after the build resolves relocations can be linked above 4 GiB' );
	my @bytes = map { loaded_bytes($_) } $whole, $resolved;
	cmp_ok( length $bytes[0], '>', 16384, 'the linked object has more than 16 KiB' );
	ok( $bytes[0] eq $bytes[1], 'both linked objects have the same bytes' );
}

# What C and assembler assume of each other.
{
	my %symbols = symbols_of("$build/stage/purgatory.elf");
	is( $symbols{handle}{value} - $symbols{fault_entries}{value}, 32 * 16, 'each fault entry has 16 bytes' );
	is( $symbols{stage_stack_guard}{value} % 4096, 0, 'the guard below the stack begins at a page' );
	is( $symbols{stage_stack}{value} - $symbols{stage_stack_guard}{value}, 4096, 'the stack begins one page after the guard' );
}

# Tests of the checks: each must find a wrong object.
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
ok( ( grep { /GOT/ } wrong_relocations($got) ), 'control: a reference through an offset table is found' );
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
cmp_ok( memory_size($bss), '>', $MEMORY_MAX, 'control: a size of a megabyte is found' );
ok( ( grep { /executable sections/ } wrong_entry( bad_object( 'two',
	'void purgatory_start(void) {} void __attribute__((section(".text.hot"))) f(void) {}' ) ) ),
	'control: a second executable section is found' );
{
	open my $stderr, '>&', \*STDERR;
	close STDERR;
	my $linked = linked_at( bad_object( 'low', 'int x; void *purgatory_start(void) { return &x; }',
		'-fno-pic', '-mcmodel=small' ), '0x7f0000000000' );
	open STDERR, '>&', $stderr;
	ok( !$linked, 'control: an object that cannot be loaded at a high address is found' );
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
		'control: a changed byte is found' );
}

done_testing;
