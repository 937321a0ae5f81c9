#!/usr/bin/env perl
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# inspect.t - pcigate inspect on real kernels: Debian's, as the archive has them, and those that the project builds. The
# facts from the BTF must agree with Debian's config, which this test reads in another way.
use strict;
use warnings;

BEGIN { print STDERR "$0: unknown argument: $ARGV[0] (it takes none)\n" and exit 2 if @ARGV }

use File::Basename qw(dirname);
use JSON::PP ();
use Test::More;

use FindBin;
use lib "$FindBin::Bin/../perl";
BEGIN { $ENV{PCIGATE} //= dirname(__FILE__) . '/../../build/pcigate' }
use Command;

my $MEMORY_KIB = 512 * 1024;

# The object that inspect prints within 512 MiB of address space.
sub inspect {
    my ($kernel, @options) = @_;
    my ($status, $out, $err) =
        run({ seconds => 600 }, 'sh', '-c', "ulimit -v $MEMORY_KIB; exec \"\$@\"", 'sh', $pcigate, 'inspect', '--json', @options, $kernel);
    is("$status $err", '0 ', "$kernel can be read") or return {};
    return JSON::PP->new->utf8->decode($out);
}

sub answer { my ($fact) = @_; return defined $fact->{value} ? ($fact->{value} ? 'yes' : 'no') . " ($fact->{source})" : 'unknown' }

sub debian {
    my ($release) = @_;
    my $kernel = `scripts/fetch-debian-kernel.sh $release 2>$dir/fetch.err`;
    chomp $kernel;
    # bookworm must be there. The archive may drop the kernels of the other releases.
    plan skip_all => "no kernel of $release: " . get("$dir/fetch.err") if !$kernel && $release ne 'bookworm';
    my ($version) = $kernel =~ m{/vmlinuz-([^/]+)\z} or return fail("a kernel of $release");
    my $config = $kernel =~ s{vmlinuz-([^/]+)\z}{config-$1}r;
    my $text = get($config);
    my ($compression) = $text =~ /^CONFIG_KERNEL_([A-Z0-9]+)=y$/m;
    my $kho = $text =~ /^CONFIG_KEXEC_HANDOVER=y$/m ? 'yes' : 'no';
    my $liveupdate = $text =~ /^CONFIG_LIVEUPDATE=y$/m ? 'yes' : 'no';

    my $got = inspect($kernel);
    my ($header, $facts) = @$got{qw(header facts)};
    is($header->{release}, $version, 'release');
    is($header->{'boot-protocol'}, '2.15', 'boot protocol');
    is($header->{payload}{compression}, lc $compression, 'compression');
    is($header->{signature}{offset} + $header->{signature}{size}, -s $kernel, 'Debian signs its kernels: the table is at the end');
    is(answer($facts->{kho}), "$kho (btf)", 'KHO: the BTF agrees with the config');
    is(answer($facts->{liveupdate}), "$liveupdate (btf)", 'Live Update: the BTF agrees with the config');
    is($facts->{config}, $config, 'the config in the directory of the kernel is used');
    is_deeply($facts->{cmdline}, { value => '', source => 'config' }, 'no built-in command line');
    return;
}

# The kernels that the project builds have their config inside. %wanted: answers, and versions.
sub built {
    my ($kernel, %wanted) = @_;
    plan skip_all => "$kernel is not built" if !-f $kernel;
    my $facts = inspect($kernel)->{facts};
    is(answer($facts->{$_}), $wanted{$_}, $_) for grep { !/version/ } sort keys %wanted;
    is($facts->{$_}{value}, $wanted{$_}, $_) for grep { /version/ } sort keys %wanted;
    is($facts->{config}, undef, 'no config file');
    return;
}

my %live_update = (kho => 'yes (ikconfig)', liveupdate => 'yes (ikconfig)', 'liveupdate-default' => 'no (ikconfig)', 'kho-version' => 'kho-v4',
    'luo-version' => 'luo-v5');
my %patched = (%live_update, pci => 'yes (ikconfig)', 'keeps-bus-numbers' => 'yes (ikconfig)', 'pci-version' => '2');
subtest "Debian's kernel: $_" => \&debian, $_ for qw(bookworm trixie-backports sid);
subtest 'the patched kernel' => \&built, 'build/bzImage', %patched;
subtest 'the patched kernel, 7.2' => \&built, 'build/bzImage-7.2', %patched;
subtest 'without the patches' => \&built, 'build/bzImage-stock', %live_update, pci => 'no (ikconfig)', 'keeps-bus-numbers' => 'no (ikconfig)';
done_testing();
