#!/usr/bin/env perl
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# limits.t - the limits of the pipeline: for each, a capture at the limit and one above it. They are too large for a vector.
use strict;
use warnings;

BEGIN { print STDERR "$0: unknown argument: $ARGV[0] (it takes none)\n" and exit 2 if @ARGV }

use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use JSON::PP ();
use Test::More;
use Time::HiRes qw(time);

chdir dirname($0) . '/..' or die "cannot change to the checkout: $!";
my $pcigate = $ENV{PCIGATE} // 'build/asan/pcigate';
die "$pcigate is not built: make check-tools\n" unless -x $pcigate;
my $dir = tempdir(CLEANUP => 1);
my $vectors = abs_path('tests/vectors');

# Checks a capture: the record and the machine of the vectors, and $text.
sub check {
    my ($text) = @_;
    open my $file, '>', "$dir/capture.dts" or die $!;
    print $file qq{/dts-v1/;\n/include/ "$vectors/record.dtsi"\n/include/ "$vectors/machine.dtsi"\n$text};
    close $file or die $!;
    my $begin = time;
    my $json = `dtc -q -O dtb $dir/capture.dts | $pcigate check --json - 2>$dir/complaint`;
    my $status = $? & 127 ? 'signal ' . ($? & 127) : $? >> 8;
    my $object = eval { JSON::PP->new->utf8->decode($json) } // {};
    if ($status eq "2") {
        open my $complaint, "<", "$dir/complaint" or die $!;
        diag(<$complaint>);
    }
    my $problem = $object->{record}{problem} // {};
    cmp_ok(time - $begin, '<', 60, 'the check takes less than a minute');
    return ($status, $problem->{reason} // 'no problem', "$problem->{field} $problem->{value}", $object) if %$problem;
    return ($status, 'no problem', '', $object);
}

# $count entries in blocks from 0x200000 on: devices from address 10:00.0 on, where no function answers.
sub entries {
    my ($count) = @_;
    my $per_block = 510;
    my $blocks = int(($count + $per_block - 1) / $per_block);
    my $text = sprintf "/ {\n\tmemory\@200000 {\n\t\treg = /bits/ 64 <0x200000 0x%x>;\n", $blocks * 4096;
    for my $block (0 .. $blocks - 1) {
        my $first = $block * $per_block;
        my $last = $first + $per_block < $count ? $first + $per_block : $count;
        my $next = $block + 1 < $blocks ? 0x200000 + ($block + 1) * 4096 : 0;
        $text .= sprintf "\t\tkho_block_header_ser\@%x {\n\t\t\tnext = <0x%x>;\n\t\t\tcount = <%d>;\n\t\t};\n", $block * 4096,
            $next, $last - $first;
        $text .= sprintf "\t\traw\@%x {\n\t\t\tu16 = <%s>;\n\t\t};\n", $block * 4096 + 16,
            join ' ', map { (0, 0, 0x1000 + $_, 1) } $first .. $last - 1;
    }
    return $text . "\t};\n};\n&pci {\n\tnr_devices = <$count>;\n\tdevices = <0x200000>;\n};\n";
}

my ($status, $reason, $value, $object) = check(entries(6144));
is_deeply([$status, $reason, $object->{record}{devices} + $object->{record}{bridges}], [1, 'no problem', 6144],
    'a record of 6,144 functions can be read');
($status, $reason, $value) = check(entries(6145));
is_deeply([$status, $reason, $value], [1, 'workspace-full', 'preserved functions: more than 6144'],
    'a record of 6,145 functions is a stop with a reason of its own');

# $count blocks that contain only a free slot, followed by the block of the vectors. The memory is split into several nodes,
# because dtc's parser fails at 10,000 nodes below one node.
sub blocks {
    my ($count) = @_;
    my $text = "/ {\n";
    for my $block (0 .. $count - 1) {
        my $at = 0x200000 + $block * 4096;
        my $offset = $block % 1000 * 4096;
        my $left = $count - $block < 1000 ? $count - $block : 1000;
        $text .= sprintf "\tmemory\@%x {\n\t\treg = /bits/ 64 <0x%x 0x%x>;\n", $at, $at, $left * 4096 if !$offset;
        $text .= sprintf "\t\traw\@%x {\n\t\t\tu32 = <0x%x 0 1>;\n\t\t};\n", $offset,
            $block + 1 < $count ? $at + 4096 : 0x106000;
        $text .= "\t};\n" if $left == 1 || $offset == 999 * 4096;
    }
    return $text . "};\n&pci {\n\tdevices = <0x200000>;\n};\n";
}

($status, $reason) = check(blocks(9999));
is_deeply([$status, $reason], [0, 'no problem'], 'a chain of 10,000 blocks, the most that the kernel makes, can be read');
($status, $reason, $value) = check(blocks(10000));
is_deeply([$status, $reason, $value], [1, 'workspace-full', 'blocks in a chain: more than 10000'],
    'a chain of 10,001 blocks is a stop with a reason of its own');

# $count setup_data nodes; the last two are those of the vectors.
sub setup_data {
    my ($count) = @_;
    my $text = sprintf "/ {\n\tsetup-data = /bits/ 64 <0x200000>;\n\tmemory\@200000 {\n\t\treg = /bits/ 64 <0x200000 0x%x>;\n",
        $count * 16;
    for my $node (0 .. $count - 3) {
        $text .= sprintf "\t\tsetup_data\@%x {\n\t\t\tnext = <0x%x>;\n\t\t\ttype = <9>;\n\t\t};\n", $node * 16,
            $node < $count - 3 ? 0x200000 + ($node + 1) * 16 : 0x101000;
    }
    return $text . "\t};\n};\n";
}

($status, $reason) = check(setup_data(256));
is_deeply([$status, $reason], [0, 'no problem'], 'a list of 256 setup_data nodes can be read');
($status, $reason, $value) = check(setup_data(257));
is_deeply([$status, $reason, $value], [1, 'workspace-full', 'setup_data nodes: more than 256'],
    'a list of 257 setup_data nodes is a stop with a reason of its own');

done_testing();
