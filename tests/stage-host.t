#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# stage-host.t - the parts of boot/ that run on the host (tests/purgatory/host.c): hash, serial ports, memory map, ACPI, config
# space, power off.
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
my $dir = tempdir( CLEANUP => 1 );
my $host = "$dir/host";
system( 'gcc', '-std=gnu11', '-g', '-O1', '-Wall', '-Wextra', '-Werror', '-fsanitize=undefined', '-fno-sanitize-recover=all',
	'-Iinclude', '-include', 'tests/purgatory/ports.h', '-o', $host, 'tests/purgatory/host.c', 'boot/purgatory/sha256.c',
	map( {"boot/x86/$_.c"} qw(console_args memory config acpi acpi_mcfg acpi_power report serial) ), map( {"lib/$_.c"} qw(plan/cmdline text) ) ) == 0
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

# All lengths near the limits of the padding, and pieces of several sizes.
{
	my @wrong;
	for my $len ( 0 .. 2, 54 .. 66, 118 .. 130, 1000 ) {
		my $text = join '', map { chr( ( $_ * 7 + $len ) & 255 ) } 1 .. $len;
		host( $text, 'sha256', 1000 ) eq sha256_hex($text) . "\n" or push @wrong, $len;
	}
	is_deeply( \@wrong, [], 'SHA-256 of texts of 0 to 1000 bytes' );
	my $text = join '', map { chr( $_ * $_ & 255 ) } 1 .. 3000;
	is( host( $text, 'sha256', $_ ), sha256_hex($text) . "\n", "SHA-256 of a text in pieces of $_ bytes" ) for 1, 7, 63, 64, 65, 1000;
}

# Without a FIFO, the port takes one byte at a time; with one, 16.
is( host( '', 'serial', 'none', 'abc' ), "..\n.a.b.c\n", 'a port without a FIFO takes single bytes' );
is( host( '', 'serial', 'off', 'abc' ),  "..\n.abc\n",   'the FIFO of a port is switched on after everything was sent' );
is( host( '', 'serial', 'on', 'x' x 33 ), ".\n." . 'x' x 16 . '.' . 'x' x 16 . ".x\n", 'a port with a FIFO takes 16 bytes at a time' );

# The report in memory: a struct setup_data of at most one page.
{
	my $line = 'x' x 59;
	is( host( "a\nbc\n", 'report', 1 ), "4711 70636967 5\na\nbc\n", 'the report has all lines, and is the first of the list' );
	my @last = map { sprintf 'last %d %s', $_, 'y' x 70 } 1 .. 4;
	for my $nr ( 61, 62, 200 ) {
		my ( $head, @lines ) = split /\n/, host( join( '', map { "$_\n" } ($line) x $nr, @last ), 'report', 4 );
		my $kept = grep { $_ eq $line } @lines;
		is( ( split / /, $head )[2], length( join '', map { "$_\n" } @lines ), "$nr lines: the length is that of the text" );
		is_deeply( [ @lines[ -4 .. -1 ] ], \@last, "$nr lines: the last lines are there" );
		my $omitted = $nr - $kept;
		my @said = grep { /of the report left out/ } @lines;
		is_deeply( \@said, $omitted ? ["pcigate: $omitted line" . ( $omitted == 1 ? '' : 's' ) . ' of the report left out'] : [], "$nr lines: $omitted are left out, and counted" );
		is( $kept, $nr < 61 ? $nr : 61, "$nr lines: as many as fit" );
	}
}

# The names of serial ports that Linux accepts.
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
	is( host( '', 'consoles', $_ ), $ports{$_}, "serial ports of '$_'" ) for sort keys %ports;
}

# The memory that may be read. The entries of the map touch, overlap and are not sorted.
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
	is( host( $map, 'memory', @$_[ 0 .. 2 ] ), "$_->[3]\n", "$_->[1] bytes at $_->[0] are memory of types $_->[2]: $_->[3]" ) for @cases;
}

# ACPI: tables like those of firmware, from 1 MiB on.
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

# RSDP and XSDT, followed by the tables
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
is( host( memory($mcfg), 'find', 'FACP' ), "none\n",     'a table that does not exist is not found' );
# Linux uses tables in spite of these errors: it only warns of wrong checksums, and it does not check the root pointer from
# the boot parameters or the signature of the XSDT.
sub changed {
	my ( $memory, %bytes ) = @_;
	substr( $memory, $_, length $bytes{$_} ) = $bytes{$_} for keys %bytes;
	return $memory;
}
{
	my $good = memory($mcfg);
	my $bit  = sub { my ($at) = @_; return changed( $good, $at => substr( $good, $at, 1 ) ^ "\x01" ) };
	my $XSDT = 64;
	is( host( $bit->( 0x1000 + 9 ), 'find', 'MCFG' ),  "0x101000\n", 'a table with a wrong checksum is found' );
	is( host( $bit->( 0x1000 + 9 ), 'windows' ), "0000:00-ff 0xb0000000\n", 'a window in a table with a wrong checksum is used' );
	is( host( $bit->(8), 'find', 'MCFG' ),           "0x101000\n", 'root pointer with a wrong checksum: its tables are found' );
	is( host( $bit->(32), 'find', 'MCFG' ),          "0x101000\n", 'root pointer with a wrong extended checksum: its tables are found' );
	is( host( $bit->(0), 'find', 'MCFG' ),           "0x101000\n", 'root pointer with another signature: its tables are found' );
	is( host( $bit->( $XSDT + 9 ), 'find', 'MCFG' ), "0x101000\n", 'XSDT with a wrong checksum: its tables are found' );
	is( host( $bit->( $XSDT + 3 ), 'find', 'MCFG' ), "0x101000\n", 'XSDT with another signature: its tables are found' );
	is( host( changed( $good, $XSDT + 4 => pack 'V', 36 + 8 + 7 ), 'find', 'MCFG' ), "0x101000\n",
		'XSDT whose length ends within an entry: the tables before are found' );
	is( host( changed( $good, 0x1004 => pack 'V', 44 + 16 + 15 ), 'windows' ), "0000:00-ff 0xb0000000\n",
		'a truncated entry of MCFG is ignored' );
	is( host( changed( $good, 0x1004 => pack 'V', 0x200000 ), 'find', 'MCFG' ), "none\n", 'a table longer than its memory is ignored' );
	is( host( changed( $good, 0x1004 => pack 'V', 35 ), 'find', 'MCFG' ), "none\n", 'a table shorter than its header is ignored' );
	is( host( changed( $good, $XSDT + 4 => pack 'V', 36 + 7 ), 'find', 'MCFG' ), "none\n", 'an XSDT shorter than one entry has no table' );
	# With a root pointer of revision 1, the XSDT is ignored. The RSDT's address in it is 0 in the first of these tests.
	is( host( changed( $good, 15 => "\x01" ), 'find', 'MCFG' ), "none\n", 'root pointer of revision 1: the XSDT is ignored' );
	is( host( changed( $good, 15 => "\x01", 16 => pack( 'V', $BASE + 64 ), 64 + 36 => pack 'V V', $BASE + 0x1000, 0 ), 'find', 'MCFG' ),
		"0x101000\n", 'root pointer of revision 1: the RSDT is used' );
	is( host( memory( table( 'XXXX', 1, '' ), $mcfg ), 'find', 'MCFG' ), "0x101030\n", 'a second table is found' );
}
is( host( memory($mcfg), 'windows' ), "0000:00-ff 0xb0000000\n", 'one window is found' );

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
	'of windows that begin at the same bus, the later one is used' );
is_windows( [ mcfg( 1, [ 0xc0000000, 0, 64, 191 ], [ 0xd0000000, 0, 0, 127 ], [ 0xe0000000, 0, 128, 159 ] ) ],
	[ '0000:00-3f 0xd0000000', '0000:40-7f 0xd0000000', '0000:80-9f 0xc0000000', '0000:a0-bf 0xc0000000' ],
	'of overlapping windows, the one with the lower first bus is used' );
is_windows( [ mcfg( 1, [ 0xb0000000, 0, 0, 255 ], [ 0xb0000000, 0, 0, 255 ] ) ], ['0000:00-ff 0xb0000000'], 'a window that is listed twice is one window' );
is_windows( [ mcfg( 1, map { [ 0x4000000000 + ( $_ << 28 ), $_, 0, 255 ] } 0 .. 511 ) ],
	[ map { sprintf '%04x:00-ff 0x%x', $_, 0x4000000000 + ( $_ << 28 ) } 0 .. 511 ], '512 segments have a window each' );
is_windows( [ mcfg( 1, map { [ 0xb0000000, 0, $_, $_ ] } reverse 0 .. 255 ) ],
	[ map { sprintf '0000:%02x-%02x 0xb0000000', $_, $_ } 0 .. 255 ], 'each bus has a window of its own' );
is_windows( [ mcfg( 1, [ 0xb0000000, 0, 0, 255 ] ), mcfg( 1, [ 0xc0000000, 1, 0, 255 ] ) ], ['0000:00-ff 0xb0000000'],
	'a second MCFG is ignored' );
# Because of one such window, Linux ignores all windows (pci_parse_mcfg(), pci_mmcfg_arch_init(), ioremap()).
for (
	[ [ 0, 1, 0, 255 ],             'at address 0' ],
	[ [ 0xc0000000, 1, 1, 0 ],      'whose last bus is the one before its first bus' ],
	[ [ 0xc0000000, 1, 255, 0 ],    'whose last bus is 255 before its first bus' ],
	[ [ 0x180000000, 1, 0, 255 ],   'in RAM' ],
	[ [ 0xfff00000, 1, 0, 1 ],      'that ends in RAM' ],
  )
{
	is_windows( [ mcfg( 1, [ 0xb0000000, 0, 0, 255 ], $_->[0] ) ], [], "because of a window $_->[1], all windows are ignored" );
}
is_windows( [ mcfg( 1, [ 0xff000000, 0, 0, 15 ] ) ], ['0000:00-0f 0xff000000'], 'a window that ends where RAM begins is used' );
is_windows( [ mcfg( 0, [ 0x3000000000, 0, 0, 255 ] ) ], [], 'a window above 4 GiB needs revision 1' );
is_windows( [ table( 'MCFG', 1, "\0" x 7 ) ], [], 'an MCFG shorter than its header has no window' );
is_windows( [ table( 'MCFG', 1, "\0" x 8 . substr window( 0xb0000000, 0, 0, 255 ), 0, 15 ) ], [], 'an MCFG with a truncated window has no window' );

# Config space: two buses at 0x200000, which the I/O ports show as well. 00:01.0 and 01:01.0 have the same IDs, but different
# extended capabilities. A function that cannot be read is never absent.
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
		[ $none,  '0 0 8 0',    [],                      'ok 0x10d38086',         'I/O ports need no window' ],
		[ $none,  '0 0 10 0',   [],                      'absent 0xffffffff',     'no function answers' ],
		[ $none,  '0 0 8 100',  [],                      'no window 0xffffffff',  'extended registers need a window' ],
		[ $none,  '1 0 8 0',    [],                      'no window 0xffffffff',  'another segment needs a window' ],
		[ $ram,   '0 0 8 100',  [],                      'no window 0xffffffff',  'an MCFG that Linux ignores' ],
		[ $right, '0 0 8 100',  [],                      'ok 0x10010',            'first bus of a window of MCFG' ],
		[ $right, '0 1 8 100',  [],                      'ok 0x10003',            'second bus of a window of MCFG' ],
		[ $right, '0 2 8 100',  [],                      'no window 0xffffffff',  'bus after the last one of MCFG' ],
		[ $right, '1 2 8 0',    [],                      'no window 0xffffffff',  'bus after the last one of MCFG, another segment' ],
		[ $right, '1 1 8 100',  [],                      'ok 0x10003',            'window of MCFG, another segment' ],
		[ $right, '0 0 10 100', [],                      'absent 0xffffffff',     'no function answers in a window' ],
		[ $right, '0 0 8 1000', [],                      'no window 0xffffffff',  'a register that no function has' ],
		[ $right, '0 0 8 100',  ['0:0-ff,200000,2'],     'ok 0x10010',            'MCFG and record agree' ],
		[ $right, '0 1 8 100',  ['0:0-0,200000,1', '0:1-1,300000,1'], 'ok 0x10003', 'MCFG and record agree, second root bus' ],
		[ $none,  '0 0 8 100',  ['0:0-ff,200000,2'],     'ok 0x10010',            'window of the record, no MCFG' ],
		[ $none,  '1 1 8 100',  ['1:0-ff,200000,2'],     'ok 0x10003',            'window of the record, no MCFG, another segment' ],
		[ $ram,   '0 1 8 100',  ['0:0-ff,200000,2'],     'ok 0x10003',            'window of the record, an MCFG that Linux ignores' ],
		[ $none,  '0 2 8 100',  ['0:0-ff,200000,2'],     'no window 0xffffffff',  'bus after the last one of the record' ],
		[ $other, '0 0 8 100',  ['0:0-ff,200000,2'],     'unreadable 0xffffffff', 'MCFG and record have different addresses' ],
		[ $other, '0 1 8 100',  ['0:0-ff,200000,1'],     'no window 0xffffffff',  'bus after the last one of MCFG and record' ],
		[ $right, '0 1 8 100',  ['0:0-ff,200000,1'],     'ok 0x10003',            'MCFG has more buses than the record' ],
		[ $right, '0 0 8 100',  ['0:0-ff,0,0'],          'no window 0xffffffff',  'the outgoing kernel did not use the window' ],
		[ $right, '0 1 8 100',  ['0:0-0,0,0'],           'ok 0x10003',            'the outgoing kernel did not use the window of another root bus' ],
		[ $none,  '0 1 8 100',  ['0:0-ff,300000,1'],     'no window 0xffffffff',  'the record has a window for another bus only' ],
		[ $none,  '0 0 8 100',  ['0:0-ff,180000000,2'],  'unreadable 0xffffffff', 'the window of the record is in RAM' ],
		[ $none,  '0 0 8 100',  ['0:0-ff,40000000,2'],   'unreadable 0xffffffff', 'the window of the record cannot be mapped' ],
	  )
	{
		my ( $memory, $read, $roots, $expected, $what ) = @$_;
		is( host( $memory, 'read', split( ' ', $read ), @$roots ), "$expected\n", "config space: $what ($read @$roots)" );
	}
	# Here the window of the record shows another function at this address than the I/O ports do.
	my $shifted = $none;
	substr( $shifted, 0x200000 + 8 * 4096, 4 ) = pack 'V', 0x10d48086;
	is( host( $shifted, 'read', qw(0 0 8 100), '0:0-ff,300000,1' ), "unreadable 0xffffffff\n", 'config space: the window of the record shows other functions than the I/O ports' );
	# Registers below 256 of segment 0: here the window shows another function than the I/O ports, so the value shows which was read.
	substr( my $apart = $machine->( mcfg( 1, [ 0x300000, 0, 0, 0 ] ) ), 0x200000 + 8 * 4096, 4 ) = pack 'V', 0x10d48086;
	for ( [ ['0:0-ff,300000,1'], 'ok 0x10d48086', 'window that MCFG and the record have' ],
		[ [], 'ok 0x10d38086', 'I/O ports without a record' ],
		[ ['0:0-ff,0,0'],      'ok 0x10d38086', 'I/O ports if the outgoing kernel did not use the window' ],
		[ ['0:0-ff,200000,1'], 'ok 0x10d38086', 'I/O ports if MCFG and record have different addresses' ] )
	{
		my ( $roots, $expected, $what ) = @$_;
		is( host( $apart, 'read', qw(0 0 8 0), @$roots ), "$expected\n", "register 0 of segment 0: $what" );
	}
	is( host( $shifted, 'read', qw(0 0 8 0), '0:0-ff,300000,1' ), "ok 0x10d38086\n", 'register 0 of segment 0: I/O ports without MCFG' );
	substr( $apart, 0x200000 + 8 * 4096, 4 ) = "\xff" x 4;
	is( host( $apart, 'read', qw(0 0 8 0), '0:0-ff,300000,1' ), "ok 0x10d38086\n",
		'register 0 of segment 0: I/O ports if no function answers in the window' );
	for ( [ $none, 0, [], '00-ff' ], [ $none, 1, [], 'none' ], [ $right, 1, [], '00-01' ], [ $right, 1, ['1:0-ff,200000,1'], '00-01' ],
		[ $none, 7, [ '7:40-4f,10000000,16', '7:80-8f,20000000,8' ], '40-87' ], [ $right, 1, ['1:0-1,0,0'], 'none' ] )
	{
		my ( $memory, $segment, $roots, $expected ) = @$_;
		is( host( $memory, 'buses', $segment, @$roots ), "$expected\n", "buses of segment $segment with windows (record: @$roots): $expected" );
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

# After the FADT there is padding. The length field of the FADT says where it ends.
for (
	[ "\x08_S5_\x12\x06\x04\x0a\x05\x0a\x07\x00\x00", '0x3401', '0x3c01', 'bytes' ],
	[ "\x08\\_S5_\x12\x06\x04\x00\x01\x00\x00",       '0x2001', '0x2401', 'zero and one, with a root prefix' ],
	[ "\x08_S5_\x12\x40\x06\x04\x0b\x05\x00\x0b\x06\x00", '0x3401', '0x3801', 'words, with a length of two bytes' ],
  )
{
	my ( $aml, $a, $b, $what ) = @$_;
	is( host( memory( $fadt, dsdt($aml) ), 'poweroff' ), $written->( $a, $b ), "power off with values that are $what" );
}
for (
	[ "_S5_\x12\x06\x04\x0a\x05\x0a\x07", 'the name _S5_ is not in a definition' ],
	[ "\x08_S5_\x12\x06\x04\x0a",         'the definition is truncated' ],
	[ "\x08_S5_\x12\x06\x04\x0b\x05",     'the definition is truncated in a number' ],
	[ "\x08_S5_\x12\x06\x04ABCD\x00\x00", 'a value is not a number' ],
	[ "\x08_S5_\x12\xff\x00\x00\x00",     'the length exceeds the table' ],
	[ "\x08_S4_\x12\x06\x04\x0a\x05\x0a", 'the definition is that of another sleep state' ],
  )
{
	is( host( memory( $fadt, dsdt( $_->[0] ) ), 'poweroff' ), '', "power off writes nothing: $_->[1]" );
}
is( host( memory( fadt( $BASE + 0x200000 ) ), 'poweroff' ), '', 'power off writes nothing: there is no DSDT at the address' );

done_testing;
