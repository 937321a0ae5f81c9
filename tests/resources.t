#!/usr/bin/env perl
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# resources.t - for any input, the command needs at most one second of processor time per MiB (at least one second is allowed)
# and 512 MiB of address space. The command is built without sanitizers, because these need most of both.
use strict;
use warnings;

BEGIN { print STDERR "$0: unknown argument: $ARGV[0] (it takes none)\n" and exit 2 if @ARGV }

use Cwd qw(abs_path);
use Test::More;

use FindBin;
use lib "$FindBin::Bin/perl";
BEGIN { $ENV{PCIGATE} = $ENV{PCIGATE_FAST} // 'build/pcigate' }
use Command;

my $MEMORY_KIB = 512 * 1024;

# Runs `pcigate @arguments` on a file with $content: it must end with status 0, 1 or 2 within the limits.
sub is_bounded {
    my ($name, $content, @arguments) = @_;
    my $file = put('input', $content);
    my $mib = -s $file < 1 << 20 ? 1 : (-s $file) / (1 << 20);
    my ($status, $complaint, $seconds);
    # On a busy machine a run takes more processor time: the best of three counts.
    for (1 .. 3) {
        my @before = times;
        ($status, undef, $complaint) = run({}, 'sh', '-c', "ulimit -v $MEMORY_KIB; exec \"\$@\"", 'sh', $pcigate, @arguments, $file);
        my @after = times;
        my $taken = $after[2] + $after[3] - $before[2] - $before[3];
        $seconds = $taken if !defined $seconds || $taken < $seconds;
        last if $seconds <= $mib;
    }
    ok($status =~ /^[012]$/ && ($status ne '2' || $complaint =~ /pcigate: .*\n\z/), "$name: the exit status is 0, 1 or 2, and 2 has a message")
        or diag("status $status\n", substr $complaint, 0, 500);
    cmp_ok($seconds, '<=', $mib, sprintf '%s: %.1f s for %.1f MiB', $name, $seconds, $mib);
    return;
}

# Makes flattened trees without dtc, which has limits of its own. Names are collected while the tokens are made.
my (%offset, $strings);
sub begin { %offset = (); $strings = ''; return }
sub named {
    my ($name) = @_;
    if (!exists $offset{$name}) {
        $offset{$name} = length $strings;
        $strings .= "$name\0";
    }
    return $offset{$name};
}
sub prop { my ($name, $value) = @_; return pack 'N3 a* x!4', 3, length $value, named($name), $value }
sub node { my ($name, @inside) = @_; return join '', pack('N Z* x!4', 1, $name), @inside, pack 'N', 2 }
sub blob {
    my (@inside) = @_;
    my $structure = node('', prop('compatible', "pcigate-capture-v1\0"), @inside) . pack 'N', 9;
    return pack('N10 x16', 0xd00dfeed, 56 + length($structure) + length $strings, 56, 56 + length $structure, 40, 17, 16, 0,
        length $strings, length $structure) . $structure . $strings;
}
sub memory { my ($size, @inside) = @_; return node('memory@1000', prop('reg', pack 'N4', 0, 0x1000, 0, $size), @inside) }
sub config { my (@inside) = @_; return node('config', @inside) }
sub on_bus { my (@inside) = @_; return config(node('segment@0', node('bus@0', @inside))) }
sub bridge { my ($at, $below, $last, @inside) = @_; return node("b\@$at", prop('buses', pack 'N3', 0, $below, $last), @inside) }

# Sizes and numbers.
begin;
is_bounded('a property of 48 MiB', blob(prop('description', 'x' x (48 << 20) . "\0")), 'show');
begin;
is_bounded('32 MiB of memory with all its bytes', blob(memory(32 << 20, prop('bytes', 'x' x (32 << 20)))), 'check');
begin;
is_bounded('100,000 nodes of memory', blob(map { node(sprintf('memory@%x', $_ * 4096), prop('reg', pack 'N4', 0, $_ * 4096, 0, 16)) } 1 .. 100_000),
    'check');
begin;
is_bounded('100,000 properties', blob(map { prop('cmdline', "x\0") } 1 .. 100_000), 'check');
begin;
is_bounded('20,000 trees in 62 MiB of memory', blob(memory(62 << 20, map { node(sprintf('tree@%x', $_ * 64), prop('a', 'x')) } 1 .. 20_000)), 'check');
begin;
is_bounded('60 trees of 500 names with 900 equal characters', blob(memory(32 << 20, map {
    my $tree = $_;
    node(sprintf('tree@%x', $tree * 0x10000), map { prop(sprintf('%08d' . 'y' x 900, $_), '') } 1 .. 500)
} 1 .. 60)), 'check');
begin;
is_bounded('30 trees of 3,000 properties with 500 names', blob(memory(32 << 20, map {
    node(sprintf('tree@%x', $_ * 0x10000), map { prop(sprintf('%03d', $_ % 500), '') } 1 .. 3000)
} 1 .. 30)), 'check');
begin;
is_bounded('a tree of 100,000 levels', blob(memory(32 << 20, node('tree@0', node('a') x 0, nested(100_000)))), 'check');
begin;
is_bounded('a tree of 14 levels with 60,000 nodes in the last one', blob(memory(62 << 20, node('tree@0', nested(14, join '', map { node("n$_") } 1 .. 60_000)))), 'check');
begin;
is_bounded('100,000 levels of bridges', blob(on_bus(nested(100_000))), 'check');
begin;
is_bounded('200,000 functions with 4 KiB each', blob(on_bus(map { node('f@1.0', prop('extended', '')) } 1 .. 200_000)), 'check');
begin;
is_bounded('126 segments with 256 functions each', blob(config(map { node(sprintf('segment@%x', $_), node('bus@0',
    map { my $at = sprintf '%x.%x', $_ >> 3, $_ & 7; node("f\@$at", prop('extended', ''), prop('buses', pack 'N3', 0, $_, $_)) } 0 .. 255)) } 0 .. 125)), 'plan');
begin;
is_bounded('121 segments with 256 bridges each, below a bridge without bus numbers', blob(config(map { node(sprintf('segment@%x', $_), node('bus@0', node('b@0.0',
    prop('buses', pack 'N3', 0, 0, 0), map { my $at = sprintf '%x.%x', $_ >> 3, $_ & 7; node("f\@$at", prop('buses', pack 'N3', 0, $_, $_)) } 0 .. 255))) } 0 .. 120)), 'plan');
begin;
is_bounded('1,024 segments', blob(config(map { node(sprintf('segment@%x', $_), node('bus@0', bridge('0.0', 1, 255), bridge('1.0', 2, 3))) } 1 .. 1024)), 'plan');
begin;
is_bounded('10 functions without a readable register', blob(on_bus(map { node("f\@$_.0", prop('extended', ''), prop('unreadable', pack 'N*', map { 4 * $_ } 0 .. 1023)) } 0 .. 9),
    ), 'plan');

sub nested { my ($levels, $inside) = @_; return pack('N Z* x!4', 1, '1.0') x $levels . ($inside // '') . pack('N', 2) x $levels }

# Large records: the time is only bounded if a look-up does not start at the beginning of the record each time.
my $vectors = abs_path('tests/vectors');
sub record_of {
    my ($devices, $bridges, $machine) = @_;
    my @left = @$devices;
    my $count = @left;
    my $blocks = int(($count + 509) / 510);
    my $text = sprintf "/ {\nmemory\@200000 {\nreg = /bits/ 64 <0x200000 0x%x>;\n", $blocks * 4096;
    for my $block (0 .. $blocks - 1) {
        my @entries = splice @left, 0, 510;
        my $at = 4096 * $block;
        $text .= sprintf "kho_block_header_ser\@%x { next = <0x%x>; count = <%d>; };\nraw\@%x { u16 = <%s>; };\n", $at,
            $block + 1 < $blocks ? 0x201000 + $at : 0, scalar @entries, $at + 16, join ' ', map { "0 0 $_ 1" } @entries;
    }
    $text .= "};\n};\n&pci { nr_devices = <$count>; devices = <0x200000>; };\n&flb { count = <$count>; };\n"
        . "/ {\nmemory\@400000 {\nreg = /bits/ 64 <0x400000 0x400000>;\ntree\@0 {\ncompatible = \"pci-topology-v1\";\ncomplete;\n"
        . "host-bridges { bus { segment = <0>; bus-range = <0 255>; }; };\n"
        . 'bridges {' . join('', map { "b$_ { reg = <0 $_>; bus-numbers = <0 32 255>; };\n" } @$bridges) . "};\n"
        . 'devices {' . join('', map { "d$_ { reg = <0 $_>; id = <0x8086 0x10d3>; class = <0x20000>; revision = <0>; path; };\n" } @$devices)
        . "};\nsriov {" . join('', map { "f$_ { reg = <0 $_>; buses = <1>; };\n" } 0x4000 .. 0x4fff) . "};\n};\n};\n};\n"
        . "&kho { pci-topology { preserved-data = /bits/ 64 <0x400000>; blob-size = /bits/ 64 <0x400000>; }; };\n";
    return get(compiled(put('record.dts', "/dts-v1/;\n/include/ \"$vectors/record.dtsi\"\n$machine$text")));
}
is_bounded('4,096 devices on buses that no bridge leads to, 2,048 bridges that do not answer',
    record_of([0x1000 .. 0x1fff], [0 .. 0x7ff], "/include/ \"$vectors/machine.dtsi\"\n"), 'check');
# 16 full buses, one below the other. Because of ARI, the record is searched for the bridges of each.
my $inside = '';
for my $bus (reverse 0 .. 16) {
    $inside = join '', map {
        my $above = $_ == 0xf8 && $bus < 16;
        sprintf "f\@%x.%x {\nvendor = <0x8086>;\ndevice = <0x10d3>;\n%s};\n", $_ >> 3, $_ & 7,
            $above ? sprintf "buses = <$bus %d 255>;\n$inside", $bus + 1 : 'raw@e { u8 = <0x80>; };'
    } 0 .. 255;
}
is_bounded('4,080 devices behind ARI, 2,048 other bridges', record_of([grep { ($_ & 255) != 0xf8 } 0x100 .. 0x10ff], [0x8000 .. 0x87ff],
    "/ { config { segment\@0 { bus\@0 {\n$inside}; }; }; };\n"), 'check');

# Dumps of lspci.
my $bytes = join '', map { sprintf "%02x: %s\n", 16 * $_, join ' ', ('00') x 16 } 0 .. 15;
is_bounded('a dump with a line of 16 MiB', '00:00.0 ' . 'x' x (16 << 20) . "\n$bytes", 'plan', '-F');
is_bounded('a dump of a million empty lines', "\n" x 1_000_000, 'plan', '-F');
is_bounded('a dump of 40,000 functions', join('', map { sprintf "%04x:%02x:%02x.%x x\n$bytes\n", $_ >> 16, $_ >> 8 & 255, $_ >> 3 & 31, $_ & 7 } 1 .. 40_000),
    'plan', '-F');
is_bounded('a dump of 6,144 functions, the most that can be planned', join('', map { sprintf "%04x:%02x:%02x.%x x\n$bytes\n", $_ >> 16, $_ >> 8 & 255, $_ >> 3 & 31, $_ & 7 } 1 .. 6144),
    'plan', '-F');

# A kernel image for which there is no memory.
truncate put('kernel', ''), 64 << 20 or die $!;
for my $command (['inspect'], ['wrap', '-o', "$dir/gated"]) {
    my ($status, undef, $complaint) = run({}, 'sh', '-c', 'ulimit -v 40000; exec "$@"', 'sh', $pcigate, @$command, "$dir/kernel");
    is($status, 2, "$command->[0] without memory: the exit status is 2");
    is($complaint, "pcigate: $dir/kernel: cannot read it: Cannot allocate memory\n", "$command->[0] without memory: one line says so");
}

done_testing();
