#!/usr/bin/env perl
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# plan.t - pcigate plan: dumps as lspci writes them, good and bad, the host, the three kinds of output; and pcigate show of
# the record that one kernel hands to the next.
use strict;
use warnings;

BEGIN { print STDERR "$0: unknown argument: $ARGV[0] (it takes none)\n" and exit 2 if @ARGV }

use JSON::PP ();
use File::Copy qw(copy);
use File::Temp qw(tempdir);
use Test::More;

use FindBin;
use lib "$FindBin::Bin/perl";
use Command;

$ENV{LC_ALL} = 'C';

# A function as lspci -xxx writes it; %of: id, class, bridge => [primary, secondary, subordinate], header, multi,
# raw => { offset => bytes }, size.
sub function {
    my ($address, %of) = @_;
    my $size = $of{size} // 256;
    my $space = "\0" x ($size < 256 ? 256 : $size);
    substr($space, 0, 4) = pack 'v2', @{ $of{id} // [0x1b36, $of{bridge} ? 0x000c : 0x0010] };
    substr($space, 8, 4) = pack 'V', ($of{class} // ($of{bridge} ? 0x060400 : 0x010802)) << 8;
    substr($space, 14, 1) = chr(($of{header} // ($of{bridge} ? 1 : 0)) | ($of{multi} ? 0x80 : 0));
    substr($space, 24, 3) = pack 'C3', @{ $of{bridge} } if $of{bridge};
    for my $at (keys %{ $of{raw} // {} }) {
        substr($space, $at, length $of{raw}{$at}) = $of{raw}{$at};
    }
    return text($address, substr $space, 0, $size);
}

sub text {
    my ($address, $space) = @_;
    my $text = "$address Some device: Of some vendor (rev 01)\n";
    for (my $at = 0; $at < length $space; $at += 16) {
        $text .= sprintf "%02x: %s\n", $at, join ' ', map { sprintf '%02x', $_ } unpack 'C*', substr $space, $at, 16;
    }
    return "$text\n";
}

# The PCI Express capability at 0x40: @type as in its register; slot and what the slot can do.
sub express {
    my ($type, $slot) = @_;
    return (0x06 => "\x10\0", 0x34 => "\x40", 0x40 => pack('CCv', 0x10, 0, 2 | $type << 4 | (defined $slot ? 0x100 : 0)),
        0x54 => pack('V', $slot // 0));
}

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
my $short = qr/: no function has more than 256 bytes \(lspci -xxxx shows them\): buses that SR-IOV reserves are not seen\n/;

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
is_run('a dump, and nothing preserved', {}, ['plan', '-F', $good], 0, $tree . "nothing is judged: no device is preserved\n",
    qr/\Apcigate: \Q$good\E$short\z/);
is_run('a dump on standard input', { stdin => $good }, ['plan', '-F', '-'], 0, qr/\A\Q$tree\E/,
    qr/\Apcigate: standard input$short\z/);
is_run('with line ends of DOS, verbose, and no empty line at the end', {},
    ['plan', '--file', put('dos', $plain =~ s/^(00:02.*)$/$1\n\tSubsystem: Some\n        more/mr =~ s/\n\n\z//r =~ s/\n/\r\n/gr)],
    0, qr/\A\Q$tree\E/, $short);
is_run('with domains', {}, ['plan', '-F', put('domains', $plain =~ s/^(\d\d:\d\d\.\d)/0000:$1/mgr)], 0, qr/\A\Q$tree\E/, $short);
is_run('--cmdline: everything is numbered anew', {}, ['plan', '-F', $good, '--cmdline', 'pci=assign-busses'], 0,
    qr/^next     pci=assign-busses\n(.*\n)*.* 0000:01:00\.0 1b36:0010, UNSAFE \(.*\): bridge 0000:00:03\.0 is renumbered by pci=assign-busses \[reassign-busses\]\n(.*\n)*4 of 8 functions keep their address, 4 unsafe\nnothing is judged/,
    $short);
is_run('a bridge that lost its numbers', {}, ['plan', '-F', $lost], 0,
    qr/^\|- 0000:00:03\.0 1b36:000c bridge, buses none -> 05-\?, lost its bus numbers \[bridge-reset\]\n\|  `- \? nothing is reached here today\n/m,
    $short);
is_run('what was behind it is on no root bus', {}, ['plan', '-F', $lost], 0, qr/^no path leads to\n   0000:01:00\.0 not reached: bridge 0000:00:03\.0 lost its bus numbers \[bridge-reset\]\n/m,
    qr/: bus 0000:01 is not treated as a root bus: it may be behind 0000:00:03\.0, which forwards to no bus now\n/);
is_run('devices that move, and why', {}, ['plan', '-F', $moved], 0, <<'TREE', $short);
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

# An empty bridge before them takes the numbers.
my $shifted = put('shifted', $moved_text =~ s/^(?=01:00\.0)/function('00:03.1', bridge => [0, 0, 0])/mer
    =~ s/^(00:03\.0.*\n00: .*) 01 00\n/$1 81 00\n/mr);
is_run('they move, to where is told', {}, ['plan', '-F', $shifted], 0,
    qr/^\|- 0000:00:03\.1 1b36:000c bridge, buses none -> 02-\?, lost its bus numbers \[bridge-reset\]\n(.*\n)+`- 0000:00:04\.0 1b36:000c bridge, buses 02-04 \(primary 07\) -> \?, is invalid \[bridge-invalid\]\n   `- 0000:02:00\.0 -> \? /m,
    $short);
is_run('box characters in a UTF-8 locale', { env => { LC_ALL => 'C.UTF-8' } }, ['plan', '-F', $shifted], 0, qr/^├─ 0000:00:03\.1 .* none → 02-\?,/m, $short);
is_run('--color', {}, ['plan', '--color', '-F', $moved], 0, qr/, \033\[1;31mis invalid\033\[0m \[bridge-invalid\]/, $short);
is_run('two root buses, two segments', {}, ['plan', '-F', put('roots', $plain . function('80:00.0')
            . function('0001:00:01.0', bridge => [0, 1, 1]) . function('0001:01:00.0'))], 0,
    qr/\Aroot bus 0000:00, up to 7f or less\n(.*\n)+root bus 0000:80, up to ff or less\n`- 0000:80:00\.0 1b36:0010\nroot bus 0001:00, up to ff or less\n`- 0001:00:01\.0 .*\n   `- 0001:01:00\.0 1b36:0010\n\n11 of 11 /,
    $short);
# Two sockets: 00 and 80 with root ports, 7f and ff with what is in the processor; lost: the first root port's numbers.
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
is_run('two sockets, and a root port without numbers: the other root buses answered, so they are there', {},
    ['plan', '-F', put('sockets-lost', sockets(first => [0, 0, 0]))], 0,
    qr/$roots(?!(.*\n)*no path leads to)/, qr/\A[^\n]*$short\z/);
is_run('two sockets, and a conventional bridge without numbers: what is on bus 7f may have been behind it, what is on 80 not', {},
    ['plan', '-F', put('sockets-conventional', sockets(first => [0, 0, 0], more => function('00:1e.0', bridge => [0, 0, 0])))], 0,
    qr/\Aroot bus 0000:00, up to 7f or less\n(.*\n)+root bus 0000:80, up to fe or less\n(.*\n)+root bus 0000:ff\b(.*\n)+no path leads to\n   0000:7f:08\.0 /,
    qr/: bus 0000:7f is not treated as a root bus: it may be behind 0000:00:1e\.0, which forwards to no bus now\n/);
is_run('a segment of Linux\' own, which the gate cannot see', {}, ['plan', '-F', put('vmd', $plain . function('10000:00:00.0'))], 0,
    qr/^no path leads to\n   10000:00:00\.0 no window leads there\n\n8 of 9 functions keep their address, 1 not answering\n/m, $short);

# What is preserved.
is_run('--preserve: it keeps its address', {}, ['plan', '-F', $good, '--preserve', '4:0.0', '--preserve', '0:01:00.0', '--preserve', '2.0'], 0,
    qr/0000:00:02\.0 8086:10d3, preserved\n(.*\n)+pcigate: 0000:00:02\.0 keeps its address\npcigate: 0000:01:00\.0 keeps its address\npcigate: 0000:04:00\.0 keeps its address\npcigate: OPEN: 3 of 3 preserved devices keep their address \(\d+ config reads\)\n\z/,
    $short);
is_run('--preserve: it does not', {}, ['plan', '-F', $shifted, '--preserve', '04:00.0'], 1,
    qr/0000:04:00\.0 -> \? 8086:10d3, preserved, (.*\n)+pcigate: 0000:04:00\.0 MOVES: bridge 0000:00:04\.0 \[bridge-invalid\]\npcigate: STOP: 1 of 1/, $short);
is_run('--preserve: others may move', {}, ['plan', '-F', $shifted, '--preserve', '01:00.0'], 0, qr/^pcigate: OPEN: 1 of 1/m, $short);
is_run('--preserve, twice the same', {}, ['plan', '-F', $good, '--preserve', '04:00.0', '--preserve', '4:0.0'], 0, qr/OPEN: 1 of 1/, $short);
is_run('--preserve: judged as for the next kernel', {}, ['plan', '-F', $good, '--preserve', '04:00.0', '--cmdline', 'quiet'], 1,
    qr/, preserved, unverified: .*\[next-without-kho\]\n/, $short);
is_run('--preserve: pcigate=off opens', {}, ['plan', '-F', $shifted, '--preserve', '04:00.0', '--cmdline', 'pcigate=off'], 0,
    qr/, preserved, .*\n(.*\n)+pcigate: OPEN: pcigate=off, nothing was checked/, $short);
is_run('-q: the exit status tells', {}, ['plan', '-q', '-F', $shifted, '--preserve', '04:00.0'], 1, '', '');
is_run('-q: nothing judged', {}, ['plan', '-q', '-F', $shifted], 0, '', '');
is_run('--preserve: nobody there', {}, ['plan', '-F', $good, '--preserve', '5:0.0'], 2, '', "pcigate: --preserve: there is no function 0000:05:00.0\n");
is_run('--preserve: a bridge', {}, ['plan', '-F', $good, '--preserve', '00:03.0'], 2, '',
    "pcigate: --preserve: 0000:00:03.0 is a bridge: it is preserved with the devices below it\n");
for my $wrong ('', '1', '1:2', '0.8', '20.0', '100:0.0', '0:0:0:0.0', '0.0x', 'x.0', '0.0 ', ':0.0', '123456789:0:0.0', '.0') {
    is_run("--preserve '$wrong'", {}, ['plan', '-F', $good, '--preserve', $wrong], 2, '',
        "pcigate: --preserve takes [[DOMAIN:]BUS:]DEV.FN, not '$wrong'; see pcigate --help\n");
}
is_run('--preserve, and a record', {}, ['plan', 'tests/vectors/unharmed.dts', '--preserve', '2.0'], 2, '',
    "pcigate: --preserve: tests/vectors/unharmed.dts already has a record of preserved devices\n");

# A capture.
is_run('a capture: its record is judged', {}, ['plan', 'tests/vectors/bridge-primary-wrong.dts'], 1,
    qr/0000:01:00\.0 -> 0000:07:00\.0 1b36:0010, preserved, MOVES: bridge 0000:00:03\.0 is invalid \[bridge-invalid\]\n(.*\n)+pcigate: STOP: 1 of 3/, '');
is_run('a capture: pcigate=report', {}, ['plan', '--cmdline', 'pcigate=report kho=on liveupdate=on', 'tests/vectors/bridge-primary-wrong.dts'], 0,
    qr/pcigate: OPEN: pcigate=report: 1 of 3/, '');
is_run('a capture: pcigate=off', {}, ['plan', '--cmdline', 'pcigate=off kho=on liveupdate=on', 'tests/vectors/bridge-primary-wrong.dts'], 0,
    qr/^next     pcigate=off kho=on liveupdate=on\n(.*\n)+.*, preserved, MOVES: (.*\n)+pcigate: OPEN: pcigate=off/m, '');
is_run('a capture: a broken record', {}, ['plan', 'tests/vectors/luo-flbs-zero.dts'], 1,
    qr/^root bus 0000:00.*\n(.*\n)+pcigate: .*\[record-malformed\]\npcigate: STOP: /m, '');
is_run('a capture: nothing is handed over', {}, ['plan', 'tests/vectors/setup-data-none.dts'], 0, qr/nothing is judged/, '');
is_run('a capture: --preserve where nothing is', {}, ['plan', 'tests/vectors/setup-data-none.dts', '--preserve', '4:0.0'], 0, qr/OPEN: 1 of 1/, '');

# The record lists all bridges: what is not among them need not be asked for.
{
    my @reads = map { JSON::PP->new->decode((pcigate({}, 'check', '--json', "tests/vectors/own-$_.dts"))[1])->{'config-reads'} } 'unharmed', 'complete';
    cmp_ok($reads[1], '<', $reads[0] / 2, "a complete record spares reads ($reads[0] without, $reads[1] with)");
}

# Virtual functions, and what is dead.
my $virtual = text('01:00.1', "\xff" x 4 . "\0" x 252);
is_run('virtual functions are left out', {}, ['plan', '-F', put('vf', $plain . $virtual)], 0, qr/\A\Q$tree\E/,
    qr/: 1 virtual function is left out: /);
is_run('--preserve: a virtual function', {}, ['plan', '-F', "$dir/vf", '--preserve', '01:00.1'], 2, '',
    qr/\Apcigate: --preserve: 0000:01:00\.1 reads as all ones: it is a virtual function/);
is_run('something dead', {}, ['plan', '-F', put('dead', $plain . text('05:00.0', "\xff" x 256))], 0, qr/\A\Q$tree\E/,
    qr/: 0000:05:00\.0 answers all ones: left out\n/);

# Extended config space: what SR-IOV reserves (256 virtual functions, offset 0x80, stride 2: two buses).
my $sriov = function('00:00.0', size => 4096, raw => { express(9), 0x100 => pack('V', 0x00010010), 0x10c => pack('V', 256 << 16),
        0x114 => pack('vv', 0x80, 2) }) . function('00:01.0', bridge => [0, 0, 0], raw => { express(4) });
is_run('lspci -xxxx: SR-IOV reserves buses', {}, ['plan', '-F', put('sriov', $sriov)], 0,
    qr/^`- 0000:00:01\.0 1b36:000c bridge, buses none -> 03-\?, lost its bus numbers \[bridge-reset\]$/m, '');
is_run('hpbussize: a slot capable of hotplug', {}, ['plan', '--cmdline', 'pci=hpbussize=4', '-F',
        put('slot', function('00:01.0', bridge => [0, 0, 0], raw => { express(4, 0x40) }))], 0, qr/buses none -> 01-\?/, $short);

# Bridges that lead nowhere, or in a circle.
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
is_run('more that is strange than anybody wants to read', {}, ['plan', '-F', put('many', join '', map { function(sprintf('00:%02x.0', $_), bridge => [0, 0, 0],
            raw => { 25 => "\0" }) . function(sprintf('01:%02x.0', $_), bridge => [1, 1, 1]) } 0 .. 31)], 0, qr/./,
    qr/(.* points at its own bus.*\n){15}pcigate: \S+: and 18 more of this kind\n\z/);

# What is no dump, or a damaged one. %broken: name => [text, complaint].
my $first = (split /\n\n/, $plain)[0] . "\n";
my @broken = (
    ['empty', '', 'is empty'],
    ['no text', "\0\1", 'is not text'],
    ['only empty lines', "\n\n", 'has no function: is it the output of lspci -xxx or -xxxx?'],
    ['prose', "Once upon a time\n", "line 1: neither a function nor its config space: 'Once upon a time'"],
    ['a long line', "$first\n" . 'x' x 1000 . "\n", "line 19: neither a function nor its config space: '" . 'x' x 40 . "'..."],
    ['lspci without -x', "00:00.0 Host bridge: Some\n00:02.0 Some\n", 'line 1: 0000:00:00.0 has no config space: lspci writes it with -xxx or -xxxx'],
    ['lspci -x', function('00:00.0', size => 64),
        'line 1: 0000:00:00.0 has only the first 64 bytes of its config space: lspci writes more with -xxx or -xxxx, as root'],
    ['cut short between lines', join("\n", (split /\n/, $first)[0 .. 9]) . "\n",
        'line 10: 0000:00:00.0 is cut short: its config space ends at 0x90, neither at 0x100 nor at 0x1000'],
    ['cut short within a line', substr($first, 0, -10), 'line 17: expected 16 bytes, but found 13 of 0000:00:00.0'],
    ['cut short behind a function', "$plain\n05:00.0", 'line 146: 0000:05:00.0 has no config space: lspci writes it with -xxx or -xxxx'],
    ['a line is missing', $first =~ s/^40: .*\n//mr, 'line 6: config space of 0000:00:00.0 continues at 0x50, expected 0x40'],
    ['a line twice', $first =~ s/^(40: .*\n)/$1$1/mr, 'line 7: config space of 0000:00:00.0 continues at 0x40, expected 0x50'],
    ['no byte', $first =~ s/^(40: 00) 00/$1 zz/mr, 'line 6: expected 16 bytes, but found 1 of 0000:00:00.0'],
    ['17 bytes', $first =~ s/^(40: .*)/$1 00/mr, 'line 6: extra text after the 16 bytes of 0000:00:00.0'],
    ['config space of nobody', "00: 00\n", 'line 1: config data before the first device line'],
    ['more than 4096 bytes', function('00:00.0', size => 4096) =~ s/\n\n/\n1000: @{['00 ' x 15]}00\n/r,
        "line 258: neither a function nor its config space: '1000: 00 00 00 00 00 00 00 00 00 00 00 0'..."],
    ['a function twice', $first . "\n$plain", 'line 19: 0000:00:00.0 is also in line 1'],
    ['no such function', "00:00.8 x\n", "line 1: neither a function nor its config space: '00:00.8 x'"],
    ['no such device', "00:20.0 x\n", "line 1: neither a function nor its config space: '00:20.0 x'"],
    ['a domain too far', 'ffffffff:' . $first, "line 1: neither a function nor its config space: 'ffffffff:00:00.0 Some device: Of some ve'..."],
);
for my $case (@broken) {
    my ($name, $text, $complaint) = @$case;
    my $file = put('broken', $text);
    is_run("a dump that is broken: $name", {}, ['plan', '-F', $file], 2, '', "pcigate: $file: $complaint\n");
}
{
    # Wherever a dump is cut, it is trouble or, between two functions, a smaller machine; never a crash.
    my ($trouble, $smaller, @wrong) = (0, 0);
    for (my $at = 1; $at < length $plain; $at += 97) {
        my ($status, $output, $complaint) = pcigate({}, 'plan', '-F', put('cut', substr $plain, 0, $at));
        if ($status eq '2' && !$output && $complaint =~ /\Apcigate: \S+: line \d+: .*\n\z/) { $trouble++ }
        elsif ($status eq '0' && substr($plain, 0, $at) =~ /\nf0: [0-9a-f ]{47}\n*\z/) { $smaller++ }
        else { push @wrong, "at $at: $status $complaint" }
    }
    ok(!@wrong && $trouble > 50, "a dump cut short, anywhere ($trouble times trouble, $smaller times smaller)") or diag(@wrong);
}
is_run('no file', {}, ['plan', '-F', "$dir/none"], 2, '', "pcigate: $dir/none: cannot open it: No such file or directory\n");
is_run('no escape sequences from a dump', {}, ['plan', '-F', put('escape', "\033[31m\n")], 2, '', qr/'\?\[31m'\n\z/);
is_run('-F is not for check', {}, ['check', '-F', $good, $good], 2, '', qr/^pcigate: -F is an option of plan, not of 'check'/);
is_run('-F or a capture', {}, ['plan', '-F', $good, $good], 2, '', qr/^pcigate: either -F or a capture/);
is_run('--preserve is not for show', {}, ['show', '--preserve', '0.0', $good], 2, '', qr/^pcigate: --preserve is an option of plan/);
is_run('--dot is not for check', {}, ['check', '--dot', $good], 2, '', qr/^pcigate: --dot is an option of plan/);
is_run('--expect needs a capture', {}, ['plan', '--expect', '-F', $good], 2, '', qr/^pcigate: --expect needs a capture/);
is_run('one kind of output', {}, ['plan', '--dot', '--json', '-F', $good], 2, '', qr/^pcigate: only one of --json, --dot/);

# More than there is room for.
is_run('more functions than the gate has room for', {}, ['plan', '-F', put('large', join '', map {
            my $bus = $_; map { my $device = $_; map { function(sprintf('%02x:%02x.%x', $bus, $device, $_), multi => 1) } 0 .. 7 } 0 .. 31 } 0 .. 24)], 1,
    qr/\Ano plan: .*: functions and bridges: more than 6144 \[workspace-full\]\n/, qr/./);
is_run('more root buses than the gate has room for', {}, ['plan', '-F', put('wide', join '', map { function(sprintf '%04x:%02x:00.0', $_ >> 8, $_ & 255) } 0 .. 512)], 1,
    qr/root buses: more than 512 \[workspace-full\]\n/, qr/./);
is_run('as many as there is room for', {}, ['plan', '-F', put('wide', join '', map { function(sprintf '%04x:%02x:00.0', $_ >> 8, $_ & 255) } 0 .. 511)], 0,
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
    is_deeply([$status, $object->{verdict}, $object->{lines}, $object->{record}], [0, undef, [], undef], 'JSON: nothing judged');
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
    like($dot, qr/0000:04:00\.0\\nunknown\\n8086:10d3.*peripheries=2/, '--dot: what is preserved');
    SKIP: {
        skip 'no dot', 1 if system('command -v dot >/dev/null');
        put('graph', $dot);
        is(system("dot -Tsvg $dir/graph >/dev/null"), 0, '--dot: dot takes it');
    }
}

# This host.
SKIP: {
    my @devices = glob '/sys/bus/pci/devices/*';
    skip 'no PCI here', 5 unless @devices;
    skip 'not root', 5 if $>;
    my ($status, $output, $complaint) = pcigate({}, 'plan', '--json', '--cmdline', 'kho=on liveupdate=on');
    my $object = eval { JSON::PP->new->utf8->decode($output) } // {};
    is($status, 0, 'this host') or diag($complaint);
    my @virtual = grep { -e "$_/physfn" } @devices;
    is(scalar @{ $object->{functions} // [] }, @devices - @virtual, 'this host: all that Linux has found');
    my @roots = glob '/sys/devices/pci*';
    cmp_ok(scalar @{ $object->{roots} // [] }, '>=', scalar @roots, 'this host: all root buses');
    my @wrong = grep {
        my $at = $_->{address};
        my $want = join ':', map { get("/sys/bus/pci/devices/$at/$_") =~ s/^0x|\n//gr } qw(vendor device);
        ($_->{id} // '') ne $want
    } @{ $object->{functions} // [] };
    ok(!@wrong, 'this host: the IDs are those of sysfs') or diag(map { "$_->{address} $_->{id}\n" } @wrong);
    # The checkout may lie where nobody else can look, such as in /root.
    my $public = tempdir(CLEANUP => 1);
    copy($pcigate, "$public/pcigate") or die "$public/pcigate: $!";
    chmod 0755, $public, "$public/pcigate";
    local $pcigate = "$public/pcigate";
    is_run('this host: takes root', { uid => 65534 }, ['plan'], 2, '', qr/\Apcigate: this host: .*: run pcigate as root\n\z/);
}

# The record that one kernel hands to the next.
my $record = <<'DTS';
/dts-v1/;
/ {
	compatible = "pcigate-v1";
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
is(length("bridge-reset") + 12, 24, 'the reason has 24 bytes');
my $dts = put('own.dts', $record);
system("dtc -q -O dtb -o $dir/own.dtb $dts") == 0 or die 'dtc';
my $own_text = <<'TEXT';
answer   opened because of pcigate=report: 1 of 4 devices keep their address, 2 would move, 1 unverified (41 config reads, 4294967298 cycles)
reason   lost its bus numbers [bridge-reset]
host     0000:00-7f, ECAM at 0xb0000000, 0x8000000 bytes
host     0000:80-ff
bridge   0000:00:03.0, bus 00, buses 01-01, ARI forwarding, 1 preserved
device   0000:01:00.0 8086:10d3, class 020000, revision 03, subsystem 1af4:1100, serial 525400ffff123456, behind 0000:00:03.0
TEXT
is_run('show: the record alone', {}, ['show', "$dir/own.dtb"], 0, qr/\Arecord   pcigate-v1, \d+ bytes, all bridges listed\n\Q$own_text\E\z/, '');
is_run('show: the record alone, as text', {}, ['show', $dts], 0, qr/\Q$own_text\E\z/, '');
is_run('show: the record alone, on standard input', { stdin => "$dir/own.dtb" }, ['show', '-'], 0, qr/\Q$own_text\E\z/, '');
sub is_answer {
    my ($name, $verdict, $wanted) = @_;
    is_run("show: $name", {}, ['show', put('answer.dts', $record =~ s/verdict = <2>/verdict = <$verdict>/r)], 0, $wanted, '');
}
is_answer('no stage has run', 0, qr/^answer   none: no stage has run since this was recorded\nhost/m);
is_answer('the gate opened', 1, qr/^answer   opened: 1 of 4/m);
is_answer('an answer of another kind', 7, qr/^answer   unknown value: 1 of 4/m);
is_run('show: no room for an answer', {}, ['show', put('room.dts', $record =~ s/config-reads = <41>;//r)], 0,
    qr{^answer   none: /answer is absent or incomplete$}m, '');
is_run('show: a reason that nobody knows', {}, ['show', put('reason.dts', $record =~ s/bridge-reset/\\x1b[31m-reset!/r)], 0,
    qr/^reason   \? \[\?\[31m-reset!\]$/m, '');
is_run('show: another version', {}, ['show', put('version.dts', $record =~ s/pcigate-v1/pcigate-v2/r)], 1,
    qr/\Atrouble  record version unknown: pcigate FDT compatible pcigate-v2 \[record-version-unknown\]\n\z/, '');
is_run('show: a malformed device', {}, ['show', put('device.dts', $record =~ s/id = <0x8086 0x10d3>;//r)], 1,
    qr/^trouble  record malformed: pcigate\/devices.* device\@0,100 \[record-malformed\]$/m, '');
is_run('show: a malformed bridge', {}, ['show', put('bridge.dts', $record =~ s/bus-numbers = <0 1 1>;//r)], 1,
    qr/^trouble  record malformed: pcigate\/bridges.* bridge\@0,18 \[record-malformed\]$/m, '');
is_run('show: a node is missing', {}, ['show', put('node.dts', $record =~ s/\tbridges/\tbridge/r)], 1, qr/^trouble  .*bridges \[record-malformed\]$/m, '');
is_run('check: the record alone is no capture', {}, ['check', "$dir/own.dtb"], 2, '', qr/is this a capture\?\n/);
{
    my ($status, $output) = pcigate({}, 'show', '--json', $dts);
    my $object = eval { JSON::PP->new->utf8->decode($output) } // {};
    is($status, 0, 'JSON: the record alone');
    is_deeply($object->{answer}, { verdict => 'opened-by-policy', reason => 'bridge-reset', devices => 4, keep => 1, move => 2,
            unverified => 1, 'config-reads' => 41, cycles => 4294967298 }, 'JSON: the answer');
    is_deeply($object->{devices}, [{ address => '0000:01:00.0', id => '8086:10d3', class => 0x020000, revision => 3,
                subsystem => '1af4:1100', serial => '525400ffff123456', path => ['0000:00:03.0'] }], 'JSON: devices');
    is_deeply($object->{bridges}, [{ address => '0000:00:03.0', buses => { primary => 0, secondary => 1, subordinate => 1 },
                ari => JSON::PP::true, preserved => 1 }], 'JSON: bridges');
    is_deeply($object->{roots}, [{ segment => 0, first => 0, last => 127, ecam => { address => 0xb0000000, size => 0x8000000 } },
            { segment => 0, first => 128, last => 255, ecam => undef }], 'JSON: host bridges');
    ($status, $output) = pcigate({}, 'show', '--json', "$dir/device.dts");
    $object = eval { JSON::PP->new->utf8->decode($output) } // {};
    is_deeply([$status, $object->{problem}{reason}], [1, 'record-malformed'], 'JSON: what is wrong with it');
}
my $handed = '/sys/kernel/debug/kho/in/sub_fdts/pcigate';
SKIP: {
    skip 'this kernel was handed a record', 1 if -e $handed;
    is_run('show: this kernel was handed nothing', {}, ['show'], 2, '', qr/\Apcigate: a capture is missing after 'show', .*'\Q$handed\E'/);
}
SKIP: {
    # A debugfs of our own, in a name space of our own.
    skip 'no debugfs, or not root', 1 if $> || !-d '/sys/kernel/debug' || system('unshare -m true 2>/dev/null');
    my $make = "mount -t tmpfs none /sys/kernel/debug && mkdir -p \${0%/*} && cp $dir/own.dtb \$0 && exec $pcigate show";
    my ($status, $output, $complaint) = run({}, 'unshare', '-m', 'sh', '-c', $make, $handed);
    ok($status eq '0' && $output =~ /\Q$own_text\E\z/, 'show: what this kernel was handed') or diag($status, $output, $complaint);
}

done_testing();
