#!/usr/bin/env perl
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# plan.t - pcigate plan on dumps of lspci, captures and this host; its output as tree, JSON and graph.
use strict;
use warnings;

BEGIN { print STDERR "$0: unknown argument: $ARGV[0] (it takes none)\n" and exit 2 if @ARGV }

use JSON::PP ();
use File::Basename qw(dirname);
use File::Copy qw(copy);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use Test::More;

use FindBin;
use lib "$FindBin::Bin/perl";
use Command;
use Dump;

$ENV{LC_ALL} = 'C';

my $plain = function('00:00.0', id => [0x8086, 0x29c0], class => 0x060000)
    . function('00:02.0', id => [0x8086, 0x10d3], class => 0x020000)
    . function('00:03.0', bridge => [0, 1, 1], raw => { express(4) })
    . function('00:04.0', bridge => [0, 2, 4], raw => { express(4) })
    . function('01:00.0')
    . function('02:00.0', bridge => [2, 3, 4], raw => { express(5) })
    . function('03:00.0', bridge => [3, 4, 4], raw => { express(6) })
    . function('04:00.0', id => [0x8086, 0x10d3]);
my $good = put('good', $plain);
my $lost = put('lost', $plain =~ s/^(00:03\.0.*\n00: .*\n)10: 00 00 00 00 00 00 00 00 00 01 01/${1}10: 00 00 00 00 00 00 00 00 00 00 00/mr);
(my $moved_text = $plain) =~ s/^(00:04\.0.*\n00: .*\n)10: 00 00 00 00 00 00 00 00 00 02 04/${1}10: 00 00 00 00 00 00 00 00 07 02 04/m;
my $moved = put('moved', $moved_text);
my $short = qr/: no function has more than 256 bytes \(lspci -xxxx shows them\): serial numbers, and buses that SR-IOV reserves, are not seen\n/;

# The tree.
my $tree = <<'TREE';
root bus 0000:00, up to ff or less
|- 0000:00:00.0 8086:29c0
|- 0000:00:02.0 8086:10d3
|- 0000:00:03.0 1b36:000c bridge, buses 01
|  `- 0000:01:00.0 1b36:0010
`- 0000:00:04.0 1b36:000c bridge, buses 02-04
   `- 0000:02:00.0 1b36:000c bridge, buses 03-04
      `- 0000:03:00.0 1b36:000c bridge, buses 04
         `- 0000:04:00.0 8086:10d3

8 of 8 functions keep their address
TREE
is_run('a dump, and no preserved device', {}, ['plan', '-F', $good], 0, $tree . "nothing is judged: no device is preserved\n",
    qr/\Apcigate: \Q$good\E$short\z/);
is_run('a dump on standard input', { stdin => $good }, ['plan', '-F', '-'], 0, qr/\A\Q$tree\E/,
    qr/\Apcigate: standard input$short\z/);
is_run('a dump with DOS line ends, of lspci -v, without an empty line at the end', {},
    ['plan', '--file', put('dos', $plain =~ s/^(00:02.*)$/$1\n\tSubsystem: Some\n        more/mr =~ s/\n\n\z//r =~ s/\n/\r\n/gr)],
    0, qr/\A\Q$tree\E/, $short);
is_run('a dump as it is pasted: a mark, prompts, messages, indentation, a code block', {},
    ['plan', put('pasted', "\xef\xbb\xbf```\n  root\@host:~# lspci -xxx\n" . ($plain =~ s/^(?=.)/  /mgr =~ s/(?<=00: )(.*\n)/$1  pcilib: sysfs_read_vpd: read failed: Input\/output error\n/r) . "  root\@host:~# \n```\n")],
    0, qr/\A\Q$tree\E/, $short);
is_run('a dump that is indented with tabs, of lspci -v', {}, ['plan', put('tabs', $plain =~ s/^(00:02.*)$/$1\n\tSubsystem: Some\n\t\tmore/mr =~ s/^(?=.)/\t/mgr)], 0, qr/\A\Q$tree\E/, $short);
is_run('a dump that is quoted in a mail', {}, ['plan', put('mail', $plain =~ s/^$/>/mgr =~ s/^(?=[^>])/> /mgr)], 0, qr/\A\Q$tree\E/, $short);
is_run("a dump between '$_->[0]' and '$_->[1]'", {}, ['plan', put('between', "$_->[0]\n$plain$_->[1]\n")], 0, qr/\A\Q$tree\E/, $short)
    for ['Script started on 2026-11-27 20:00:00+00:00 [TERM="xterm"]', 'Script done on 2026-11-27 20:10:00+00:00 [COMMAND_EXIT_CODE="0"]'],
    ['PS C:\\> ssh host lspci -xxx', 'Connection to host closed.'], ['host% lspci -xxx', 'host%'], ['root@host:~ > lspci -xxx', 'root@host:~ >'], ['+ lspci -xxx', '+ exit'], ['~~~', '~~~'];
is_run('a dump that is followed by a prompt, without an empty line', {}, ['plan', put('prompt', $plain =~ s/\n\n\z/\n\$ /r)], 0, qr/\A\Q$tree\E/, $short);
is_run('a prompt does not complete a function', {}, ['plan', put('cut', $plain =~ s/^f0: .*\n\n\z/\$ /mr)], 2, '', qr/: line 143: 0000:04:00\.0 is cut short: /);
is_run('the text of a capture', {}, ['plan', put('text', get('tests/vectors/unharmed.dts') =~ s/\A.*?(?=\/dts-v1)//sr)], 2, '', "pcigate: $dir/text: is the text of a device tree: compile it with dtc -q -O dtb\n");
is_run('a dump with domains', {}, ['plan', '-F', put('domains', $plain =~ s/^(\d\d:\d\d\.\d)/0000:$1/mgr)], 0, qr/\A\Q$tree\E/, $short);
is_run('--cmdline: pci=assign-busses renumbers all buses', {}, ['plan', '-F', $good, '--cmdline', 'pci=assign-busses'], 0,
    qr/^next     pci=assign-busses\n(.*\n)*.* 0000:01:00\.0 1b36:0010, UNSAFE \(.*\): bridge 0000:00:03\.0 is renumbered by pci=assign-busses \[reassign-busses\]\n(.*\n)*4 of 8 functions keep their address, 4 unsafe\nnothing is judged/,
    $short);
is_run('a bridge that lost its bus numbers', {}, ['plan', '-F', $lost], 0,
    qr/^\|- 0000:00:03\.0 1b36:000c bridge, buses none -> 05-\?, lost its bus numbers \[bridge-reset\]\n\|  `- \? nothing is reached here today\n/m,
    $short);
is_run('a device behind such a bridge is not on a root bus', {}, ['plan', '-F', $lost], 0, qr/^no path leads to\n   0000:01:00\.0 not reached: bridge 0000:00:03\.0 lost its bus numbers \[bridge-reset\]\n/m,
    qr/: bus 0000:01 is not treated as a root bus: it may be behind 0000:00:03\.0, which forwards to no bus now\n/);
is_run('devices that are unsafe, and the reason', {}, ['plan', '-F', $moved], 0, <<'TREE', $short);
root bus 0000:00, up to ff or less
|- 0000:00:00.0 8086:29c0
|- 0000:00:02.0 8086:10d3
|- 0000:00:03.0 1b36:000c bridge, buses 01
|  `- 0000:01:00.0 1b36:0010
`- 0000:00:04.0 1b36:000c bridge, buses 02-04 (primary 07), is invalid [bridge-invalid]
   `- 0000:02:00.0 1b36:000c bridge, buses 03-04, UNSAFE (the same address, but not all the time): bridge 0000:00:04.0 is invalid [bridge-invalid]
      `- 0000:03:00.0 1b36:000c bridge, buses 04, UNSAFE (the same address, but not all the time): bridge 0000:00:04.0 is invalid [bridge-invalid]
         `- 0000:04:00.0 8086:10d3, UNSAFE (the same address, but not all the time): bridge 0000:00:04.0 is invalid [bridge-invalid]

5 of 8 functions keep their address, 3 unsafe
nothing is judged: no device is preserved
TREE

# Here an empty bridge, which Linux scans before theirs, takes their bus numbers.
my $shifted = put('shifted', $moved_text =~ s/^(?=01:00\.0)/function('00:03.1', bridge => [0, 0, 0])/mer
    =~ s/^(00:03\.0.*\n00: .*) 01 00\n/$1 81 00\n/mr);
is_run('devices that move, and their new addresses', {}, ['plan', '-F', $shifted], 0,
    qr/^\|- 0000:00:03\.1 1b36:000c bridge, buses none -> 02-\?, lost its bus numbers \[bridge-reset\]\n(.*\n)+`- 0000:00:04\.0 1b36:000c bridge, buses 02-04 \(primary 07\) -> \?, is invalid \[bridge-invalid\]\n   `- 0000:02:00\.0 -> \? /m,
    $short);
is_run('box characters in a UTF-8 locale', { env => { LC_ALL => 'C.UTF-8' } }, ['plan', '-F', $shifted], 0, qr/^├─ 0000:00:03\.1 .* none → 02-\?,/m, $short);
is_run('--color', {}, ['plan', '--color', '-F', $moved], 0, qr/, \033\[1;31mis invalid\033\[0m \[bridge-invalid\]/, $short);
is_run('two root buses, two segments', {}, ['plan', '-F', put('roots', $plain . function('80:00.0')
            . function('0001:00:01.0', bridge => [0, 1, 1]) . function('0001:01:00.0'))], 0,
    qr/\Aroot bus 0000:00, up to 7f or less\n(.*\n)+root bus 0000:80, up to ff or less\n`- 0000:80:00\.0 1b36:0010\nroot bus 0001:00, up to ff or less\n`- 0001:00:01\.0 .*\n   `- 0001:01:00\.0 1b36:0010\n\n11 of 11 /,
    $short);

# Two sockets: root buses 00 and 80 have root ports, 7f and ff have devices of the processor. %ports: bus numbers of the first
# and the second root port, more functions.
sub sockets {
    my %ports = @_;
    my $uncore = sub {
        my ($bus) = @_;
        return join '', map { function("$bus:$_", id => [0x8086, 0x2fe0], class => 0x088000, multi => 1) } map { ("$_.0", "$_.3") } '08', '0b', '1f';
    };
    return function('00:00.0', id => [0x8086, 0x2f00], class => 0x060000)
        . function('00:01.0', bridge => $ports{first} // [0, 1, 1], raw => { express(4) })
        . function('00:1c.0', bridge => $ports{second} // [0, 2, 2], raw => { express(4) })
        . ($ports{more} // '')
        . function('02:00.0', raw => { express(0) }) . $uncore->('7f')
        . function('80:02.0', bridge => [0x80, 0x81, 0x81], raw => { express(4) })
        . function('80:05.0', id => [0x8086, 0x2f28], class => 0x088000)
        . function('81:00.0', raw => { express(0) }) . $uncore->('ff');
}
my $roots = qr/\Aroot bus 0000:00, up to 7e or less\n(.*\n)+root bus 0000:7f, up to 7f or less\n(.*\n)+root bus 0000:80, up to fe or less\n(.*\n)+root bus 0000:ff, up to ff\b.*\n/;
is_run('two sockets', {}, ['plan', '-F', put('sockets', sockets())], 0, qr/$roots(.*\n)+19 of 19 functions keep their address\n/, $short);
is_run('two sockets, and a root port without bus numbers: the other buses that answer are root buses', {},
    ['plan', '-F', put('sockets-lost', sockets(first => [0, 0, 0]))], 0,
    qr/$roots(?!(.*\n)*no path leads to)/, qr/\A[^\n]*$short\z/);
is_run('two sockets, and a conventional bridge without bus numbers: bus 7f may be behind it, bus 80 cannot be', {},
    ['plan', '-F', put('sockets-conventional', sockets(first => [0, 0, 0], more => function('00:1e.0', bridge => [0, 0, 0])))], 0,
    qr/\Aroot bus 0000:00, up to 7f or less\n(.*\n)+root bus 0000:80, up to fe or less\n(.*\n)+root bus 0000:ff\b(.*\n)+no path leads to\n   0000:7f:08\.0 /,
    qr/: bus 0000:7f is not treated as a root bus: it may be behind 0000:00:1e\.0, which forwards to no bus now\n/);
is_run('a segment that only Linux has, without a window', {}, ['plan', '-F', put('vmd', $plain . function('10000:00:00.0'))], 0,
    qr/^no path leads to\n   10000:00:00\.0 no window leads there\n\n8 of 9 functions keep their address, 1 not answering\n/m, $short);

# --root.
is_run('--root: the end of a root bus', {}, ['plan', '-F', "$dir/sockets", '--root', '80-9f', '--root', '0000:00-1f'], 0,
    qr/\Aroot bus 0000:00, up to 1f\n(.*\n)+root bus 0000:7f, up to 7f or less\n(.*\n)+root bus 0000:80, up to 9f\n(.*\n)+root bus 0000:ff, up to ff or less\n/, $short);
is_run('--root: a bus that may be behind a bridge', {}, ['plan', '-F', "$dir/sockets-conventional", '--root', '7f-7f'], 0,
    qr/\Aroot bus 0000:00, up to 7e or less\n(.*\n)+root bus 0000:7f, up to 7f\n(.*\n)+root bus 0000:80, /, qr//);
is_run("--root $_->[0]", {}, ['plan', '-F', "$dir/sockets", map { ('--root', $_) } split / /, $_->[0]], 2, '', "pcigate: --root: $_->[1]\n")
    for ['40-5f', 'no function is on bus 0000:40'], ['1:00-5f', 'no function is on bus 0001:00'], ['81-9f', 'bus 0000:81 is no root bus: bridge 0000:80:02.0 leads to it'],
    ['00-7f', 'root bus 0000:00, up to 7f, has root bus 7f in it'], ['80-ff', 'root bus 0000:80, up to ff, has root bus ff in it'];
is_run('--root: a capture', {}, ['plan', 'tests/vectors/unharmed.dts', '--root', '00-7f'], 2, '', "pcigate: --root is for the output of lspci: a capture has its root buses\n");
is_run("--root '$_'", {}, ['plan', '-F', $good, '--root', $_], 2, '', "pcigate: --root takes [DOMAIN:]FIRST-LAST, not '$_'; see pcigate plan --help\n")
    for '', '80', '80-', '-80', '80-7f', '0-100', ':0-1', 'x:0-1', '0:0:0-1', '0-1x', '123456789:0-1';

# --moves-only, --names.
is_run('--moves-only: the causes, and what they affect', {}, ['plan', '-F', $shifted, '--moves-only', '--preserve', '04:00.0'], 1, <<'TREE', $short);
bridge 0000:00:03.1 [bridge-reset]
 buses none -> 02-?
bridge 0000:00:04.0 [bridge-invalid]
 buses 02-04 -> ?
 0000:02:00.0 unknown
 0000:03:00.0 unknown
 0000:04:00.0 unknown, preserved
bridge 0000:02:00.0
 buses 03-04 -> ?
bridge 0000:03:00.0
 buses 04 -> ?
6 of 9 functions keep their address
3 not known
verdict: STOP
TREE
is_run('--moves-only: a new address', {}, ['plan', '--moves-only', 'tests/vectors/bridge-primary-wrong.dts'], 1,
    qr/\Abridge 0000:00:03\.0 \[bridge-invalid\]\n buses 01 -> 07\n 0000:01:00\.0 -> 0000:07:00\.0, preserved\n10 of 11 functions keep their address\n1 move\nverdict: STOP\n\z/, '');
is_run('--moves-only: a stop although nothing moves', {}, ['plan', '--moves-only', 'tests/vectors/bridge-renumbered.dts'], 1,
    "11 of 11 functions keep their address\nverdict: STOP\n 0000:01:00.0 [bus-unreached]\n", '');
is_run('--moves-only: a reason that all devices have is there once', {}, ['plan', '-F', $good, '--moves-only', '--cmdline', 'quiet', '--preserve', '01:00.0,04:00.0'], 1,
    "8 of 8 functions keep their address\nverdict: STOP\n all [next-without-kho]\n", $short);
is_run('--moves-only: a reason that one of three devices has', {}, ['plan', '--moves-only', 'tests/vectors/device-absent.dts'], 1,
    "10 of 10 functions keep their address\nverdict: STOP\n 0000:01:00.0 [device-absent]\n", '');
is_run('--moves-only: a record that cannot be read', {}, ['plan', '--moves-only', 'tests/vectors/block-cyclic.dts'], 1,
    "11 of 11 functions keep their address\nverdict: STOP\n [record-loop]\n", '');
is_run('--moves-only: nothing moves', {}, ['plan', '-F', $good, '--moves-only'], 0, "8 of 8 functions keep their address\n", $short);
is_run('--moves-only: functions that nothing leads to', {}, ['plan', '-F', $lost, '--moves-only'], 0, qr/\Abridge 0000:00:03\.0 \[bridge-reset\]\n buses none -> 05-\?\n 0000:01:00\.0 absent\n/, qr//);
{
    my @long = grep { length > 40 } map { split /\n/ } map { (pcigate({}, 'plan', '--moves-only', $_))[1] } $shifted, $lost, "$dir/vmd", 'tests/vectors/bridge-primary-wrong.dts';
    is_deeply(\@long, [], '--moves-only: no line has more than 40 columns');
}
is_run("--moves-only with $_", {}, ['plan', '--moves-only', $_, $good], 2, '', qr/; see pcigate plan --help\n\z/) for '--json', '--dot', '--paths', '--names';
is_run('--expect with a dump', {}, ['plan', '--expect', $good], 2, '', "pcigate: --expect needs a capture: $good is the output of lspci\n");
is_run('--names', {}, ['plan', '-F', $good, '--names'], 0, qr/ 0000:00:02\.0 8086:10d3, Ethernet controller: .*\n/, $short);

# Preserved devices.
is_run('--preserve: the devices keep their addresses', {}, ['plan', '-F', $good, '--preserve', '4:0.0', '--preserve', '0:01:00.0', '--preserve', '2.0'], 0,
    qr/0000:00:02\.0 8086:10d3, preserved\n(.*\n)+pcigate: 0000:00:02\.0 keeps its address\npcigate: 0000:01:00\.0 keeps its address\npcigate: 0000:04:00\.0 keeps its address\npcigate: OPEN: 3 of 3 preserved devices keep their address \(\d+ config reads\)\n\z/,
    $short);
is_run('--preserve: the device moves', {}, ['plan', '-F', $shifted, '--preserve', '04:00.0'], 1,
    qr/0000:04:00\.0 -> \? 8086:10d3, preserved, (.*\n)+pcigate: 0000:04:00\.0 MOVES: bridge 0000:00:04\.0 \[bridge-invalid\]\npcigate: STOP: 1 of 1/, $short);
is_run('--preserve: only other devices move', {}, ['plan', '-F', $shifted, '--preserve', '01:00.0'], 0, qr/^pcigate: OPEN: 1 of 1/m, $short);
is_run('--preserve: the same device twice', {}, ['plan', '-F', $good, '--preserve', '04:00.0', '--preserve', '4:0.0'], 0, qr/OPEN: 1 of 1/, $short);
is_run('--preserve: the command line of the next kernel is judged', {}, ['plan', '-F', $good, '--preserve', '04:00.0', '--cmdline', 'quiet'], 1,
    qr/, preserved, unverified: .*\[next-without-kho\]\n/, $short);
is_run('--preserve: pcigate=off opens', {}, ['plan', '-F', $shifted, '--preserve', '04:00.0', '--cmdline', 'pcigate=off'], 0,
    qr/, preserved, .*\n(.*\n)+pcigate: OPEN: pcigate=off, nothing was checked/, $short);
is_run('-q: a stop', {}, ['plan', '-q', '-F', $shifted, '--preserve', '04:00.0'], 1, '', '');
is_run('-q: no preserved device', {}, ['plan', '-q', '-F', $shifted], 0, '', '');
is_run('--preserve: no function at the address', {}, ['plan', '-F', $good, '--preserve', '5:0.0'], 2, '', "pcigate: --preserve: there is no function 0000:05:00.0\n");
is_run('--preserve: a bridge', {}, ['plan', '-F', $good, '--preserve', '00:03.0'], 2, '',
    "pcigate: --preserve: 0000:00:03.0 is a bridge: it is preserved with the devices below it\n");
for my $wrong ('', '1', '1:2', '0.8', '20.0', '100:0.0', '0:0:0:0.0', '0.0x', 'x.0', '0.0 ', ':0.0', '123456789:0:0.0', '.0') {
    is_run("--preserve '$wrong'", {}, ['plan', '-F', $good, '--preserve', $wrong], 2, '',
        "pcigate: --preserve takes [[DOMAIN:]BUS:]DEV.FN, a path, driver:NAME or class:HEX, not '$wrong'; see pcigate plan --help\n");
}
is_run("--preserve '$_->[0]'", {}, ['plan', '-q', '-F', $good, '--preserve', $_->[0]], $_->[1] ? 2 : 0, '', $_->[1] ? "pcigate: --preserve: $_->[0]: $_->[1]\n" : '')
    for ['class:09', 'no device has this class'], ['driver:nvme', 'only this host has drivers, not a file'], ['5.0/0.0', 'there is no function 0000:00:05.0'],
    ['2.0/0.0', '0000:00:02.0 is not a bridge'], ['4.0/3:0.0', 'bridge 0000:00:04.0 leads to bus 02, not to 03'], ['3.0/0.0'], ['4.0/2:0.0/00.0/04:00.0'];
is_run('--preserve: a bridge that leads nowhere', {}, ['plan', '-F', $lost, '--preserve', '3.0/0.0'], 2, '', "pcigate: --preserve: 3.0/0.0: bridge 0000:00:03.0 leads to no bus\n");
is_run('--preserve: a list of an address, a path and a class, some of them twice', {}, ['plan', '-F', $good, '--preserve', '2.0,00:04.0/00.0/00.0/00.0,class:0108', '--preserve', 'class:02'], 0,
    qr/^pcigate: OPEN: 3 of 3 /m, $short);
is_run('--paths', {}, ['plan', '-F', $good, '--paths'], 0,
    qr{^\|- 0000:00:03\.0 1b36:000c bridge, buses 01\n\|  `- 0000:01:00\.0 1b36:0010, path 0000:00:03\.0/00\.0\n(.*\n)* +`- 0000:04:00\.0 8086:10d3, path 0000:00:04\.0/00\.0/00\.0/00\.0\n}m, $short);
is_run('--preserve: a capture that has a record', {}, ['plan', 'tests/vectors/unharmed.dts', '--preserve', '2.0'], 2, '',
    "pcigate: --preserve: $dir/unharmed.dtb already has a record of preserved devices\n");

# Captures.
is_run('a capture: its record is judged', {}, ['plan', 'tests/vectors/bridge-primary-wrong.dts'], 1,
    qr/0000:01:00\.0 -> 0000:07:00\.0 1b36:0010, preserved, MOVES: bridge 0000:00:03\.0 is invalid \[bridge-invalid\]\n(.*\n)+pcigate: STOP: 1 of 3/, '');
is_run('a capture: pcigate=report', {}, ['plan', '--cmdline', 'pcigate=report kho=on liveupdate=on', 'tests/vectors/bridge-primary-wrong.dts'], 0,
    qr/pcigate: OPEN: pcigate=report: 1 of 3/, '');
is_run('a capture: pcigate=off', {}, ['plan', '--cmdline', 'pcigate=off kho=on liveupdate=on', 'tests/vectors/bridge-primary-wrong.dts'], 0,
    qr/^next     pcigate=off kho=on liveupdate=on\n(.*\n)+.*, preserved, MOVES: (.*\n)+pcigate: OPEN: pcigate=off/m, '');
is_run('a capture: a malformed record', {}, ['plan', 'tests/vectors/luo-flbs-zero.dts'], 1,
    qr/^root bus 0000:00.*\n(.*\n)+pcigate: .*\[record-malformed\]\npcigate: STOP: /m, '');
is_run('a capture without a record', {}, ['plan', 'tests/vectors/setup-data-none.dts'], 0, qr/nothing is judged/, '');
is_run('a capture without a record, and --preserve', {}, ['plan', 'tests/vectors/setup-data-none.dts', '--preserve', '4:0.0'], 0, qr/OPEN: 1 of 1/, '');

# A record that lists all bridges saves config reads.
{
    my @reads = map { JSON::PP->new->decode((pcigate({}, 'check', '--json', "tests/vectors/own-$_.dts"))[1])->{'config-reads'} } 'unharmed', 'complete';
    cmp_ok($reads[1], '<', $reads[0] / 2, "a complete record saves at least half of the reads ($reads[0] without, $reads[1] with)");
}

# Functions that answer all ones.
my $virtual = text('01:00.1', "\xff" x 4 . "\0" x 252);
is_run('virtual functions are left out', {}, ['plan', '-F', put('vf', $plain . $virtual)], 0, qr/\A\Q$tree\E/,
    qr/: 1 virtual function is left out: /);
is_run('--preserve: a virtual function', {}, ['plan', '-F', "$dir/vf", '--preserve', '01:00.1'], 2, '',
    qr/\Apcigate: --preserve: 0000:01:00\.1 reads as all ones: it is a virtual function/);
is_run('a function that answers all ones is left out', {}, ['plan', '-F', put('dead', $plain . text('05:00.0', "\xff" x 256))], 0, qr/\A\Q$tree\E/,
    qr/: 0000:05:00\.0 answers all ones: left out\n/);

# Extended config space: the buses that SR-IOV reserves (256 virtual functions, offset 0x80, stride 2: two buses).
my $sriov = function('00:00.0', size => 4096, raw => { express(9), 0x100 => pack('V', 0x00010010), 0x10c => pack('V', 256 << 16),
        0x114 => pack('vv', 0x80, 2) }) . function('00:01.0', bridge => [0, 0, 0], raw => { express(4) });
is_run('lspci -xxxx: SR-IOV reserves buses', {}, ['plan', '-F', put('sriov', $sriov)], 0,
    qr/^`- 0000:00:01\.0 1b36:000c bridge, buses none -> 03-\?, lost its bus numbers \[bridge-reset\]$/m, '');
is_run('hpbussize: a slot that supports hotplug', {}, ['plan', '--cmdline', 'pci=hpbussize=4', '-F',
        put('slot', function('00:01.0', bridge => [0, 0, 0], raw => { express(4, 0x40) }))], 0, qr/buses none -> 01-\?/, $short);

# Bridges with wrong bus numbers.
my $own = function('00:01.0', bridge => [0, 1, 1]) . function('01:00.0', bridge => [1, 1, 1]);
is_run('a bridge that points at its own bus', {}, ['plan', '-F', put('own', $own)], 0,
    qr/0000:01:00\.0 1b36:000c bridge, buses 01 -> 02, is invalid \[bridge-invalid\]/,
    qr/: line 19: bridge 0000:01:00\.0 points at its own bus 01: nothing is reached through it\n/);
my $circle = function('03:00.0', bridge => [3, 5, 5]) . function('05:00.0', bridge => [5, 3, 3]);
is_run('bridges in a circle', {}, ['plan', '-F', put('circle', $circle)], 0,
    qr/\Aroot bus 0000:03, up to ff or less\n`- 0000:03:00\.0 .*\n   `- 0000:05:00\.0 .*, buses 03 -> .*\[bridge-invalid\]\n/,
    qr/: line 19: bridge 0000:05:00\.0 points back to bus 03: nothing is reached through it\n/);
is_run('two bridges to one bus', {}, ['plan', '-F', put('both', function('00:01.0', bridge => [0, 1, 1])
            . function('00:02.0', bridge => [0, 1, 1]) . function('01:00.0'))], 0,
    qr/overlaps another bridge, 0000:00:02\.0 \[bus-overlap\]\n\|  `- 0000:01:00\.0 .*UNSAFE/, $short);
is_run('a bus that no bridge leads to directly', {}, ['plan', '-F', put('between', function('00:01.0', bridge => [0, 1, 3])
            . function('02:00.0'))], 0, qr/^no path leads to\n   0000:02:00\.0 not reached: no bridge leads to its bus \[bus-unreached\]\n/m, $short);
is_run('33 warnings: 15 are printed, 18 are counted', {}, ['plan', '-F', put('many', join '', map { function(sprintf('00:%02x.0', $_), bridge => [0, 0, 0],
            raw => { 25 => "\0" }) . function(sprintf('01:%02x.0', $_), bridge => [1, 1, 1]) } 0 .. 31)], 0, qr/./,
    qr/(.* points at its own bus.*\n){15}pcigate: \S+: and 18 more of this kind\n\z/);

# Input that is not a dump, and damaged dumps: [name, text, message].
my $first = (split /\n\n/, $plain)[0] . "\n";
my @broken = (
    ['empty', '', 'is empty'],
    ['not text', "\0\1", 'is not text'],
    ['only empty lines', "\n\n", 'has no function: is it the output of lspci -xxx or -xxxx?'],
    ['prose', "Once upon a time\n", "line 1: neither a function nor its config space: 'Once upon a time'"],
    ['a long line', "$first\n" . 'x' x 1000 . "\n", "line 19: neither a function nor its config space: '" . 'x' x 40 . "'..."],
    ['lspci without -x', "00:00.0 Host bridge: Some\n00:02.0 Some\n", 'line 1: 0000:00:00.0 has no config space: lspci writes it with -xxx or -xxxx'],
    ['lspci -x', function('00:00.0', size => 64),
        'line 1: 0000:00:00.0 has only the first 64 bytes of its config space: lspci writes more with -xxx or -xxxx, as root'],
    ['truncated between lines', join("\n", (split /\n/, $first)[0 .. 9]) . "\n",
        'line 10: 0000:00:00.0 is cut short: its config space ends at 0x90, neither at 0x100 nor at 0x1000'],
    ['truncated within a line', substr($first, 0, -10), 'line 17: expected 16 bytes, but found 13 of 0000:00:00.0'],
    ['truncated after the first line of a function', "$plain\n05:00.0", 'line 146: 0000:05:00.0 has no config space: lspci writes it with -xxx or -xxxx'],
    ['a line is missing', $first =~ s/^40: .*\n//mr, 'line 6: config space of 0000:00:00.0 continues at 0x50, expected 0x40'],
    ['a line that occurs twice', $first =~ s/^(40: .*\n)/$1$1/mr, 'line 7: config space of 0000:00:00.0 continues at 0x40, expected 0x50'],
    ['a word that is not a byte', $first =~ s/^(40: 00) 00/$1 zz/mr, 'line 6: expected 16 bytes, but found 1 of 0000:00:00.0'],
    ['17 bytes', $first =~ s/^(40: .*)/$1 00/mr, 'line 6: extra text after the 16 bytes of 0000:00:00.0'],
    ['config space before the first function', "00: 00\n", 'line 1: config data before the first device line'],
    ['more than 4096 bytes', function('00:00.0', size => 4096) =~ s/\n\n/\n1000: @{['00 ' x 15]}00\n/r,
        "line 258: neither a function nor its config space: '1000: 00 00 00 00 00 00 00 00 00 00 00 0'..."],
    ['a function that occurs twice', $first . "\n$plain", 'line 19: 0000:00:00.0 is also in line 1'],
    ['a function number above 7', "00:00.8 x\n", "line 1: neither a function nor its config space: '00:00.8 x'"],
    ['a device number above 1f', "00:20.0 x\n", "line 1: neither a function nor its config space: '00:20.0 x'"],
    ['a domain number that is too large', 'ffffffff:' . $first, "line 1: neither a function nor its config space: 'ffffffff:00:00.0 Some device: Of some ve'..."],
);
for my $case (@broken) {
    my ($name, $text, $complaint) = @$case;
    my $file = put('broken', $text);
    is_run("a damaged dump: $name", {}, ['plan', '-F', $file], 2, '', "pcigate: $file: $complaint\n");
}
{
    # A truncated dump is an error. If it ends between two functions, it is a smaller machine.
    my ($errors, $smaller, @wrong) = (0, 0);
    for (my $at = 1; $at < length $plain; $at += 97) {
        my ($status, $output, $complaint) = pcigate({}, 'plan', '-F', put('cut', substr $plain, 0, $at));
        if ($status eq '2' && !$output && $complaint =~ /\Apcigate: \S+: line \d+: .*\n\z/) { $errors++ }
        elsif ($status eq '0' && substr($plain, 0, $at) =~ /\nf0: [0-9a-f ]{47}\n*\z/) { $smaller++ }
        else { push @wrong, "at $at: $status $complaint" }
    }
    ok(!@wrong && $errors > 50, "a dump truncated anywhere ($errors times an error, $smaller times a smaller machine)")
        or diag(@wrong);
}
is_run('a dump that does not exist', {}, ['plan', '-F', "$dir/none"], 2, '', "pcigate: $dir/none: cannot open it: No such file or directory\n");
is_run('no escape sequences from a dump', {}, ['plan', '-F', put('escape', "\033[31m\n")], 2, '', qr/'\?\[31m'\n\z/);
is_run('-F with check', {}, ['check', '-F', $good, $good], 2, '', qr/^pcigate: -F is an option of plan, not of 'check'/);
is_run('-F and a capture', {}, ['plan', '-F', $good, $good], 2, '', qr/^pcigate: either -F or a capture/);
is_run('--preserve with show', {}, ['show', '--preserve', '0.0', $good], 2, '', qr/^pcigate: --preserve is an option of plan/);
is_run('--dot with check', {}, ['check', '--dot', $good], 2, '', qr/^pcigate: --dot is an option of plan/);
is_run('--expect without a capture', {}, ['plan', '--expect', '-F', $good], 2, '', qr/^pcigate: --expect needs a capture/);
is_run('two kinds of output', {}, ['plan', '--dot', '--json', '-F', $good], 2, '', qr/^pcigate: only one of --json, --dot/);

# Limits.
is_run('more functions than the limit', {}, ['plan', '-F', put('large', join '', map {
            my $bus = $_; map { my $device = $_; map { function(sprintf('%02x:%02x.%x', $bus, $device, $_), multi => 1) } 0 .. 7 } 0 .. 31 } 0 .. 24)], 1,
    qr/\Ano plan: .*: functions and bridges: more than 6144 \[workspace-full\]\n/, qr/./);
is_run('more root buses than the limit', {}, ['plan', '-F', put('wide', join '', map { function(sprintf '%04x:%02x:00.0', $_ >> 8, $_ & 255) } 0 .. 512)], 1,
    qr/root buses: more than 512 \[workspace-full\]\n/, qr/./);
is_run('as many root buses as the limit', {}, ['plan', '-F', put('wide', join '', map { function(sprintf '%04x:%02x:00.0', $_ >> 8, $_ & 255) } 0 .. 511)], 0,
    qr/^512 of 512 functions keep/m, qr/./);

# JSON.
{
    my ($status, $output, $complaint) = pcigate({}, 'plan', '--json', '-F', $shifted, '--preserve', '04:00.0');
    my $object = eval { JSON::PP->new->utf8->decode($output) } // {};
    my %at = map { $_->{address} => $_ } @{ $object->{functions} // [] };
    is_deeply([$status, $complaint, $object->{verdict}, scalar keys %at, $object->{record}{devices}], [1, '', 'stop', 9, 1], 'JSON: the verdict');
    is_deeply([@{ $at{'0000:00:04.0'} // {} }{qw(future tomorrow buses buses-tomorrow cause preserved reason parent)}],
        ['keeps', '0000:00:04.0', { primary => 7, secondary => 2, subordinate => 4 }, { secondary => undef, subordinate => undef },
            'bridge-invalid', JSON::PP::false, undef, undef], 'JSON: a bridge');
    is_deeply([@{ $at{'0000:04:00.0'} // {} }{qw(future tomorrow preserved reason because-of judgement parent)}],
        ['unknown', undef, JSON::PP::true, 'bridge-invalid', '0000:00:04.0', { verdict => 'moves', reason => 'bridge-invalid' }, '0000:03:00.0'],
        'JSON: a device');
    is_deeply($object->{roots}, [{ segment => 0, first => 0, last => 255, 'end-assumed' => JSON::PP::true }], 'JSON: root buses');
    like($object->{notes}[0] // '', qr/^no function has more than 256 bytes/, 'JSON: notes');
    like($object->{lines}[-1] // '', qr/^pcigate: STOP: 1 of 1/, 'JSON: the lines');
    ($status, $output) = pcigate({}, 'plan', '--json', '-F', $good);
    $object = eval { JSON::PP->new->utf8->decode($output) } // {};
    is_deeply([$status, $object->{verdict}, $object->{lines}, $object->{record}], [0, undef, [], undef], 'JSON: no preserved device');
    ($status, $output) = pcigate({}, 'plan', '--json', '-F', "$dir/large");
    $object = eval { JSON::PP->new->utf8->decode($output) } // {};
    is_deeply([$status, $object->{problem}{reason}, $object->{functions}], [1, 'workspace-full', []], 'JSON: no plan');
}

# A graph.
{
    my $dot = is_run('--dot', {}, ['plan', '--dot', '-F', $shifted, '--preserve', '04:00.0'], 1, qr/\A.*\ndigraph pci \{\n(\t.*;\n)+\}\n\z/, $short);
    my @nodes = $dot =~ /^\t(\w+) \[/mg;
    my @edges = $dot =~ /^\t(\w+ -> \w+);/mg;
    is_deeply([scalar(grep { /^f/ } @nodes), scalar(grep { /^r/ } @nodes), scalar @edges], [9, 1, 9], '--dot: nodes and edges');
    like($dot, qr/0000:04:00\.0\\nunknown\\n8086:10d3.*peripheries=2/, '--dot: a preserved device');
    SKIP: {
        skip 'no dot', 1 if system('command -v dot >/dev/null');
        put('graph', $dot);
        is(system("dot -Tsvg $dir/graph >/dev/null"), 0, '--dot: dot(1) accepts the graph');
    }
}

# This host.
SKIP: {
    my @devices = glob '/sys/bus/pci/devices/*';
    skip 'no PCI here', 6 unless @devices;
    skip 'not root', 6 if $>;
    my ($status, $output, $complaint) = pcigate({}, 'plan', '--json', '--cmdline', 'kho=on liveupdate=on');
    my $object = eval { JSON::PP->new->utf8->decode($output) } // {};
    is($status, 0, 'this host can be planned') or diag($complaint);
    my @virtual = grep { -e "$_/physfn" } @devices;
    is(scalar @{ $object->{functions} // [] }, @devices - @virtual, 'this host: the plan has all functions that Linux has found');
    my @roots = glob '/sys/devices/pci*';
    cmp_ok(scalar @{ $object->{roots} // [] }, '>=', scalar @roots, 'this host: the plan has all root buses');
    my @wrong = grep {
        my $at = $_->{address};
        my $want = join ':', map { get("/sys/bus/pci/devices/$at/$_") =~ s/^0x|\n//gr } qw(vendor device);
        ($_->{id} // '') ne $want
    } @{ $object->{functions} // [] };
    ok(!@wrong, 'this host: the IDs are those of sysfs') or diag(map { "$_->{address} $_->{id}\n" } @wrong);
    SKIP: {
        skip 'no namespaces', 1 if system('unshare -m true 2>/dev/null');
        my ($at) = grep { /\.0$/ } map { $_->{address} } reverse @{ $object->{functions} };
        my %files = ('modprobe.d/vfio.conf' => "# 0000:00:00.0\nsoftdep vfio-pci pre: $at\n", 'modprobe.d/unread' => "$at\n",
            'systemd/network/10-lan.link' => "[Match]\nPath=pci-$at\n[Link]\nName=lan\n", 'systemd/network/20-other.link' => "[Match]\nPath=pci-ffff:ff:00.0\n",
            'udev/rules.d/70-lan.rules' => qq{SUBSYSTEM=="net", KERNELS=="$at", NAME="lan"\nENV{ID_PATH}=="pci-$at", NAME="lan"\n}, 'pve/qemu-server/100.conf' => "args: -device x\nhostpci0: " . ($at =~ s/\.\d$//r) . ",pcie=1\n", 'xen/web.cfg' => "pci = [ '" . ($at =~ s/^0000://r) . ",permissive=1' ]\n");
        for my $name (keys %files) {
            make_path("$dir/etc/" . dirname($name));
            put("etc/$name", $files{$name});
        }
        ($status, $output) = run({}, 'unshare', '-m', 'sh', '-c', 'mount -t tmpfs none /etc && cp -r "$1"/etc/. /etc && exec "$2" plan --json', 'sh', $dir, $pcigate);
        $object = eval { JSON::PP->new->utf8->decode($output) } // {};
        my @users = map { my $function = $_; map { "$function->{address} $_" } grep { /^file / } @{ $function->{users} } } @{ $object->{functions} // [] };
        is_deeply(\@users, [map { "$at file /etc/$_" } 'modprobe.d/vfio.conf', 'pve/qemu-server/100.conf', 'systemd/network/10-lan.link', 'udev/rules.d/70-lan.rules', 'xen/web.cfg'],
            'this host: the files that name an address, each once');
    }
    # Other users may have no access to the checkout, for example in /root.
    my $public = tempdir(CLEANUP => 1);
    copy($pcigate, "$public/pcigate") or die "$public/pcigate: $!";
    chmod 0755, $public, "$public/pcigate";
    local $pcigate = "$public/pcigate";
    is_run('this host: only root can read it', { uid => 65534 }, ['plan'], 2, '', qr/\Apcigate: this host: .*: run pcigate as root\n\z/);
}

done_testing();
