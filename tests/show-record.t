#!/usr/bin/env perl
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# show-record.t - pcigate show on pcigate's own record alone, as the next kernel has it in debugfs.
use strict;
use warnings;

BEGIN { print STDERR "$0: unknown argument: $ARGV[0] (it takes none)\n" and exit 2 if @ARGV }

use JSON::PP ();
use Test::More;

use FindBin;
use lib "$FindBin::Bin/perl";
use Command;

$ENV{LC_ALL} = 'C';

# cli.t compares the man page with this record, so it has every property.
my $record = <<'DTS';
/dts-v1/;
/ {
	compatible = "pci-topology-v1";
	complete;

	host-bridges {
		bus@0,0 {
			segment = <0>;
			bus-range = <0 0x7f>;
			ecam = <0 0xb0000000 0 0x8000000>;
		};
		bus@0,80 {
			segment = <0>;
			bus-range = <0x80 0xff>;
		};
	};

	bridges {
		bridge@0,18 {
			reg = <0 0x18>;
			bus-numbers = <0 1 1>;
			ari;
			preserved = <1>;
		};
	};

	devices {
		device@0,100 {
			reg = <0 0x100>;
			id = <0x8086 0x10d3>;
			subsystem = <0x1af4 0x1100>;
			class = <0x020000>;
			revision = <3>;
			serial = <0x525400ff 0xff123456>;
			path = <0x18>;
		};
	};

	sriov {
	};

	answer {
		verdict = <2>;
		reason = "bridge-reset\0\0\0\0\0\0\0\0\0\0\0";
		devices = <4 1 2 1>;
		config-reads = <41>;
		cycles = <1 2>;
	};
};
DTS

my $own = compiled(put('own.dts', $record));
my $own_text = <<'TEXT';
answer   opened because of pcigate=report: 1 of 4 devices keep their address, 2 would move, 1 unverified (41 config reads, 4294967298 cycles)
reason   lost its bus numbers [bridge-reset]
host     0000:00-7f, ECAM at 0xb0000000, 0x8000000 bytes
host     0000:80-ff
bridge   0000:00:03.0, bus 00, buses 01-01, ARI forwarding, 1 preserved
device   0000:01:00.0 8086:10d3, class 020000, revision 03, subsystem 1af4:1100, serial 525400ffff123456, behind 0000:00:03.0
TEXT
is_run('a record', {}, ['show', $own], 0, qr/\Arecord   pci-topology-v1, \d+ bytes, all bridges listed\n\Q$own_text\E\z/, '');
is_run('a record on standard input', { stdin => $own }, ['show', '-'], 0, qr/\Q$own_text\E\z/, '');
sub is_answer {
    my ($name, $verdict, $wanted) = @_;
    is_run($name, {}, ['show', put('answer.dts', $record =~ s/verdict = <2>/verdict = <$verdict>/r)], 0, $wanted, '');
}
is_answer('an answer: no stage has run', 0, qr/^answer   none: no stage has run since this was recorded\nhost/m);
is_answer('an answer: open', 1, qr/^answer   opened: 1 of 4/m);
is_answer('an answer of an unknown kind', 7, qr/^answer   unknown value: 1 of 4/m);
is_run('a record without a place for the answer', {}, ['show', put('place.dts', $record =~ s/config-reads = <41>;//r)], 0,
    qr{^answer   none: /answer is absent or incomplete$}m, '');
is_run('an unknown reason', {}, ['show', put('reason.dts', $record =~ s/bridge-reset/\\x1b[31m-reset!/r)], 0,
    qr/^reason   \? \[\?\[31m-reset!\]$/m, '');
is_run('another version', {}, ['show', put('version.dts', $record =~ s/pci-topology-v1/pci-topology-v2/r)], 1,
    qr/\Atrouble  record version unknown: pcigate FDT compatible pci-topology-v2 \[record-version-unknown\]\n\z/, '');
is_run('a malformed device', {}, ['show', put('device.dts', $record =~ s/id = <0x8086 0x10d3>;//r)], 1,
    qr/^trouble  record malformed: pcigate\/devices.* device\@0,100 \[record-malformed\]$/m, '');
is_run('a malformed bridge', {}, ['show', put('bridge.dts', $record =~ s/bus-numbers = <0 1 1>;//r)], 1,
    qr/^trouble  record malformed: pcigate\/bridges.* bridge\@0,18 \[record-malformed\]$/m, '');
is_run('a missing node', {}, ['show', put('node.dts', $record =~ s/\tbridges/\tbridge/r)], 1, qr/^trouble  .*bridges \[record-malformed\]$/m, '');
is_run('check: a record alone is not a capture', {}, ['check', $own], 2, '', qr/is this a capture\?\n/);
{
    my ($status, $output) = pcigate({}, 'show', '--json', $own);
    my $object = eval { JSON::PP->new->utf8->decode($output) } // {};
    is($status, 0, 'JSON: exit status');
    is_deeply($object->{answer}, { verdict => 'opened-by-policy', reason => 'bridge-reset', devices => 4, keep => 1, move => 2,
            unverified => 1, 'config-reads' => 41, cycles => 4294967298 }, 'JSON: the answer');
    is_deeply($object->{devices}, [{ address => '0000:01:00.0', id => '8086:10d3', class => 0x020000, revision => 3,
                subsystem => '1af4:1100', serial => '525400ffff123456', path => ['0000:00:03.0'] }], 'JSON: devices');
    is_deeply($object->{bridges}, [{ address => '0000:00:03.0', buses => { primary => 0, secondary => 1, subordinate => 1 },
                ari => JSON::PP::true, preserved => 1 }], 'JSON: bridges');
    is_deeply($object->{roots}, [{ segment => 0, first => 0, last => 127, ecam => { address => 0xb0000000, size => 0x8000000 } },
            { segment => 0, first => 128, last => 255, ecam => undef }], 'JSON: host bridges');
    ($status, $output) = pcigate({}, 'show', '--json', "$dir/device.dtb");
    $object = eval { JSON::PP->new->utf8->decode($output) } // {};
    is_deeply([$status, $object->{problem}{reason}], [1, 'record-malformed'], 'JSON: a malformed device');
}
my $handed = '/sys/kernel/debug/kho/in/sub_fdts/pci-topology';
SKIP: {
    skip 'this kernel was handed a record', 1 if -e $handed;
    is_run('the running kernel has received no record', {}, ['show'], 2, '', qr/\Apcigate: a capture is missing after 'show', .*'\Q$handed\E'/);
}
SKIP: {
    # The test replaces debugfs in a mount namespace of its own.
    skip 'no debugfs, or not root', 1 if $> || !-d '/sys/kernel/debug' || system('unshare -m true 2>/dev/null');
    my $make = "mount -t tmpfs none /sys/kernel/debug && mkdir -p \${0%/*} && cp $own \$0 && exec $pcigate show";
    my ($status, $output, $complaint) = run({}, 'unshare', '-m', 'sh', '-c', $make, $handed);
    ok($status eq '0' && $output =~ /\Q$own_text\E\z/, 'the record that the running kernel has received') or diag($status, $output, $complaint);
}

done_testing();
