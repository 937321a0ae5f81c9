#!/usr/bin/env perl
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# diff.t - pcigate diff on dumps of lspci, captures and this host.
use strict;
use warnings;

BEGIN { print STDERR "$0: unknown argument: $ARGV[0] (it takes none)\n" and exit 2 if @ARGV }

use IO::Compress::Gzip qw(gzip);
use JSON::PP ();
use Test::More;

use FindBin;
use lib "$FindBin::Bin/perl";
use Command;
use Dump;

$ENV{LC_ALL} = 'C';

# A machine with a root port for each slot (01, 02 and so on) of %slots, with a card behind it or nothing. The ports get
# consecutive bus numbers, as firmware assigns them; %how: first => the first one; numbers => { slot => bus number }, size of
# the config space.
sub machine {
    my ($how, %slots) = @_;
    my ($bus, $above, $below) = ($how->{first} // 1, '', '');
    for my $slot (sort keys %slots) {
        my $card = $slots{$slot};
        my $number = $how->{numbers}{$slot} // $bus++;
        $above .= function("00:$slot.0", bridge => [0, $number, $number], raw => { express(4) }, size => $how->{size} // 4096);
        $below .= function(sprintf('%02x:00.%x', $number, $_), id => $card->{id}, class => $card->{class} // 0x020000,
            multi => $card->{functions} > 1, size => $how->{size} // 4096,
            raw => { express(0), 0x08 => chr($card->{revision} // 0),
                defined $card->{serial} && $_ < ($card->{numbered} // 8) ? serial($card->{serial}) : () }) for 0 .. ($card->{functions} // 0) - 1;
    }
    return function('00:1f.0', id => [0x1234, 0x0001], class => 0x060000, size => $how->{size} // 4096) . $above . $below;
}

sub card { my ($id, %more) = @_; return { id => [0x1234, $id], functions => 1, %more } }
my ($nic, $other_nic) = (card(0x10), card(0x10, serial => 0x2222));
my $nic1 = card(0x10, serial => 0x1111);
my $disk = card(0x20, class => 0x010802, serial => 0x3333);
my $gpu = card(0x30, class => 0x030000);


my %slots = ('01' => $nic1, '02' => $other_nic, '03' => $disk, '04' => $gpu, '05' => card(0, functions => 0));
our $old = put('old', machine({}, %slots));

# differs(name, machine, lines): compares $old with another machine. The output must have these lines, and no other line that
# begins with a state, and must end with the summary.
sub differs {
    my ($name, $machine, $summary, @lines) = @_;
    my ($status, $output, $complaint) = pcigate({}, 'diff', $old, put('new', $machine));
    $complaint =~ s/^.* is not treated as a root bus: .*\n//m;
    my @got = grep { /^[A-Z]/ } split /\n/, $output;
    is_deeply([$status, $complaint, @got, ($output =~ /^(\d.*)\n\z/m)[0]], [1, '', @lines, $summary], $name);
    return $output;
}

# The same machine.
is_run('the same machine', {}, ['diff', $old, put('new', get($old))], 0, "10 of 10 functions are the same\n", '');
is_run('-q, the same machine', {}, ['diff', '-q', $old, $old], 0, '', '');
is_run('a gzip file, and standard input', { stdin => do { gzip(\get($old), \my $packed); put('old.gz', $packed) } },
    ['diff', '-', put('new', get($old))], 0, "10 of 10 functions are the same\n", '');
is_run('with domains', {}, ['diff', $old, put('new', get($old) =~ s/^(\d\d:\d\d\.\d)/0000:$1/mgr)], 0, "10 of 10 functions are the same\n", '');

# Cards with serial numbers.
like(differs('two cards exchanged', machine({}, %slots, '01' => $other_nic, '02' => $nic1), '8 of 10 functions are the same, 2 exchanged',
        'EXCHANGED 0000:01:00.0 -> 0000:02:00.0', 'EXCHANGED 0000:02:00.0 -> 0000:01:00.0'),
    qr{\n    Ethernet controller: .* \[1234:0010\], serial 0000000000001111\n    path 0000:00:01\.0/00\.0 -> 0000:00:02\.0/00\.0\n    0000:01:00\.0 is 1234:0010 now, which was at 0000:02:00\.0\n},
    'two cards exchanged: serial number, paths, and what is at the old address');
differs('the bus numbers of two ports exchanged: each card in its slot, but at the address of the other',
    machine({ numbers => { '01' => 2, '02' => 1, '03' => 3, '04' => 4, '05' => 5 } }, %slots), '6 of 10 functions are the same, 2 exchanged, 2 renumbered',
    'EXCHANGED 0000:01:00.0 -> 0000:02:00.0', 'EXCHANGED 0000:02:00.0 -> 0000:01:00.0',
    'RENUMBERED 0000:00:01.0 buses 01-01 -> 02-02', 'RENUMBERED 0000:00:02.0 buses 02-02 -> 01-01');
like(differs('a card moved to an empty slot', machine({}, %slots, '01' => card(0, functions => 0), '05' => $nic1), '9 of 10 functions are the same, 1 moved',
        'MOVED 0000:01:00.0 -> 0000:05:00.0'),
    qr{    path 0000:00:01\.0/00\.0 -> 0000:00:05\.0/00\.0\n}, 'a card moved to an empty slot: the paths');
like(differs('a card in front of the others', machine({ }, %slots, '00' => card(0x40)), '1 of 12 functions are the same, 4 moved, 2 new, 5 renumbered',
        (map { sprintf 'MOVED 0000:%02x:00.0 -> 0000:%02x:00.0', $_, $_ + 1 } 1 .. 4), 'NEW 0000:01:00.0', 'NEW 0000:00:00.0',
        map { sprintf 'RENUMBERED 0000:00:%02x.0 buses %02x-%02x -> %02x-%02x', $_, $_, $_, $_ + 1, $_ + 1 } 1 .. 5),
    qr{\A.*\n.*\n    path 0000:00:01\.0/00\.0, as before\n    bridge 0000:00:01\.0 led to bus 01 and leads to bus 02 now\n    0000:01:00\.0 is 1234:0040 now, which is new\n},
    'a card in front of the others: the reason, and the device that has the old address');
differs('all buses renumbered', machine({ first => 0x20 }, %slots), '1 of 10 functions are the same, 4 moved, 5 renumbered',
    (map { sprintf 'MOVED 0000:%02x:00.0 -> 0000:%02x:00.0', $_, $_ + 0x1f } 1 .. 4),
    map { sprintf 'RENUMBERED 0000:00:%02x.0 buses %02x-%02x -> %02x-%02x', $_, $_, $_, $_ + 0x1f, $_ + 0x1f } 1 .. 5);
differs('a card in the slot of another, at its address by other bus numbers',
    machine({ numbers => { '01' => 2, '02' => 1, '03' => 3, '04' => 4, '05' => 5 } }, %slots, '01' => $other_nic, '02' => $nic1),
    '6 of 10 functions are the same, 2 rerouted, 2 renumbered', 'REROUTED 0000:01:00.0', 'REROUTED 0000:02:00.0',
    'RENUMBERED 0000:00:01.0 buses 01-01 -> 02-02', 'RENUMBERED 0000:00:02.0 buses 02-02 -> 01-01');
like(differs('another card of the model', machine({}, %slots, '01' => card(0x10, serial => 0x4444)), '9 of 10 functions are the same, 1 replaced', 'REPLACED 0000:01:00.0'),
    qr{    serial was 0000000000001111, is 0000000000004444 now\n}, 'another card of the model: the serial numbers');
like(differs('another model', machine({}, %slots, '04' => card(0x31, class => 0x030000)), '9 of 10 functions are the same, 1 replaced', 'REPLACED 0000:04:00.0'),
    qr{    was VGA .* \[1234:0030\]\n    now VGA .* \[1234:0031\]\n}, 'another model: both names');
like(differs('another revision', get($old) =~ s/^(04:00\.0.*\n00: (?:\S\S ){8})00/${1}02/mr, '9 of 10 functions are the same, 1 replaced', 'REPLACED 0000:04:00.0'),
    qr{    revision was 00, is 02 now\n}, 'another revision: the values');
differs('a card removed', machine({}, %slots, '01' => card(0, functions => 0)), '9 of 10 functions are the same, 1 gone', 'GONE 0000:01:00.0');
differs('a card added', machine({}, %slots, '05' => card(0x50)), '10 of 11 functions are the same, 1 new', 'NEW 0000:05:00.0');
like(differs('a card removed, and its address given to a new one', machine({ numbers => { '01' => 5, '02' => 2, '03' => 3, '04' => 4, '05' => 1 } }, %slots,
            '01' => card(0, functions => 0), '05' => card(0x50)), '7 of 11 functions are the same, 1 gone, 1 new, 2 renumbered',
        'GONE 0000:01:00.0', 'NEW 0000:01:00.0', 'RENUMBERED 0000:00:01.0 buses 01-01 -> 05-05', 'RENUMBERED 0000:00:05.0 buses 05-05 -> 01-01'),
    qr{    0000:01:00\.0 is 1234:0050 now, which is new\n}, 'a card removed: what has its address now');
{
    my $dual = card(0x60, functions => 2, serial => 0x5555);
    local $old = put('dual', machine({}, %slots, '05' => $dual));
    differs('a card with two functions moved: each function stays the same one', machine({}, %slots, '06' => $dual), '10 of 13 functions are the same, 2 moved, 1 new',
        'MOVED 0000:05:00.0 -> 0000:06:00.0', 'MOVED 0000:05:00.1 -> 0000:06:00.1', 'NEW 0000:00:06.0');
}

# The serial number of function 0 is that of the whole card.
{
    my @dual = map { card(0x60, functions => 2, numbered => 1, serial => $_) } 0x5555, 0x6666;
    local $old = put('numbered', machine({}, '01' => $dual[0], '02' => $dual[1]));
    differs('cards whose function 0 alone has the serial number', machine({}, '01' => $dual[1], '02' => $dual[0]), '3 of 7 functions are the same, 4 exchanged',
        (map { "EXCHANGED 0000:01:00.$_ -> 0000:02:00.$_" } 0 .. 1), map { "EXCHANGED 0000:02:00.$_ -> 0000:01:00.$_" } 0 .. 1);
}

# An update of its firmware can give a card another revision, but no other serial number.
{
    my @updated = map { { %$_, revision => 1 } } $nic1, $other_nic;
    like(differs('two cards updated and exchanged', machine({}, %slots, '01' => $updated[1], '02' => $updated[0]), '8 of 10 functions are the same, 2 exchanged',
            'EXCHANGED 0000:01:00.0 -> 0000:02:00.0', 'EXCHANGED 0000:02:00.0 -> 0000:01:00.0'),
        qr/\n    Ethernet controller: .*, serial 0000000000001111\n    revision was 00, is 01 now\n    path /, 'two cards updated and exchanged: the revision');
    differs('a card updated and moved', machine({}, %slots, '01' => card(0, functions => 0), '05' => $updated[0]), '9 of 10 functions are the same, 1 moved',
        'MOVED 0000:01:00.0 -> 0000:05:00.0');
    my (undef, $output) = pcigate({}, 'diff', '--json', $old, "$dir/new");
    my ($change) = grep { $_->{state} eq 'moved' } @{ JSON::PP->new->utf8->decode($output)->{functions} };
    is_deeply($change->{difference}, { field => 'revision', was => '00', now => '01' }, 'JSON: a card updated and moved');
    differs('a card updated in its slot', machine({}, %slots, '01' => $updated[0]), '9 of 10 functions are the same, 1 replaced', 'REPLACED 0000:01:00.0');
}

# A switch with a card behind it: both bridges lead to other buses, and the first one is the cause.
{
    my $switch = sub { my ($bus) = @_; function('00:01.0', bridge => [0, $bus, $bus + 1], raw => { express(4) }, size => 4096)
        . function("0$bus:00.0", bridge => [$bus, $bus + 1, $bus + 1], raw => { express(5) }, size => 4096) . function(sprintf('%02x:00.0', $bus + 1), size => 4096) };
    local $old = put('switch', $switch->(1));
    like(differs('a switch that is renumbered', $switch->(3), '0 of 3 functions are the same, 2 moved, 1 renumbered', 'MOVED 0000:02:00.0 -> 0000:04:00.0',
            'MOVED 0000:01:00.0 -> 0000:03:00.0', 'RENUMBERED 0000:00:01.0 buses 01-02 -> 03-04'),
        qr/\n    path 0000:00:01\.0\/00\.0\/00\.0, as before\n    bridge 0000:00:01\.0 led to bus 01 and leads to bus 03 now\n/, 'a switch that is renumbered: the cause');
}

# Behind a bridge that moves, the device numbers tell which device is which.
{
    my $ports = function('00:01.0', bridge => [0, 1, 1], size => 4096) . function('00:02.0', bridge => [0, 2, 2], size => 4096);
    my $device = sub { function($_[0], id => [0x1234, 0x80], class => 0x020000, size => 4096) };
    local $old = put('devices', $ports . $device->('01:01.0') . $device->('01:02.0'));
    differs('the end of the path decides', $ports . $device->('02:02.0'), '2 of 4 functions are the same, 1 gone, 1 moved',
        'GONE 0000:01:01.0', 'MOVED 0000:01:02.0 -> 0000:02:02.0', 'CANNOT TELL whether these were exchanged: they have no serial number');
}

# Cards without serial numbers.
{
    my %equal = ('01' => $nic, '02' => $nic, '03' => $gpu);
    local $old = put('equal', machine({}, %equal));
    my $twins = qr/^CANNOT TELL whether these were exchanged: they have no serial number\n    Ethernet controller: .* \[1234:0010\]\n/m;
    is_run('two equal cards without serial numbers: exchanged or not, nothing shows it', {}, ['diff', $old, put('new', get($old))], 0,
        qr{\A$twins    at 0000:01:00\.0 0000:02:00\.0\n7 of 7 functions are the same\n\z}, '');
    like(differs('two equal cards at other addresses', machine({ first => 5 }, %equal), '1 of 7 functions are the same, 3 moved, 3 renumbered',
            (map { sprintf 'MOVED 0000:%02x:00.0 -> 0000:%02x:00.0', $_, $_ + 4 } 1 .. 3),
            (map { sprintf 'RENUMBERED 0000:00:%02x.0 buses %02x-%02x -> %02x-%02x', $_, $_, $_, $_ + 4, $_ + 4 } 1 .. 3),
            'CANNOT TELL whether these were exchanged: they have no serial number'),
        qr{$twins    before at 0000:01:00\.0 0000:02:00\.0\n    now at 0000:05:00\.0 0000:06:00\.0\n}, 'two equal cards at other addresses: both are named');
    like(differs('a third equal card', machine({}, %equal, '04' => $nic), '7 of 9 functions are the same, 2 new', 'NEW 0000:04:00.0', 'NEW 0000:00:04.0',
            'CANNOT TELL whether these were exchanged: they have no serial number'),
        qr{$twins    before at 0000:01:00\.0 0000:02:00\.0\n    now at 0000:01:00\.0 0000:02:00\.0 0000:04:00\.0\n}, 'a third equal card: which one is new is not known');
    differs('one of a kind moves without a serial number', machine({}, %equal, '03' => card(0, functions => 0), '05' => $gpu),
        '6 of 8 functions are the same, 1 moved, 1 new', 'MOVED 0000:03:00.0 -> 0000:04:00.0', 'NEW 0000:00:05.0',
        'CANNOT TELL whether these were exchanged: they have no serial number');
    my $many = put('many', machine({}, map { sprintf('%02x', $_) => $nic } 1 .. 6));
    is_run('six equal cards: four addresses', {}, ['diff', $many, $many], 0, qr{^    at( 0000:0\d:00\.0){4} and 2 more\n}m, '');
    my $copied = put('copied', machine({}, '01' => $nic1, '02' => $nic1));
    is_run('two cards with one serial number', {}, ['diff', $copied, $copied], 0, qr/^CANNOT TELL .*: they have one serial number\n/, '');
    for my $empty (0, ~0) {
        my $erased = put('erased', machine({}, map { $_ => card(0x10, serial => $empty) } '01', '02'));
        is_run(sprintf('the serial number %x is none', $empty), {}, ['diff', $erased, $erased], 0, qr/^CANNOT TELL .*: they have no serial number\n/, '');
    }
    my $two = put('two', machine({}, '01' => card(0x10, functions => 2), '02' => $gpu));
    is_run('functions of one card cannot be exchanged', {}, ['diff', $two, $two], 0, "6 of 6 functions are the same\n", '');
    my $bridges = put('bridges', machine({}, map { $_ => card(0, functions => 0) } '01', '02') . join '',
        map { function("00:1e.$_", id => [0x1234, 0x70], class => 0x088000) . function("00:1d.$_", id => [0x1234, 0x70], class => 0x088000) } 0 .. 1);
    is_run('nobody exchanges bridges or parts of the chipset', {}, ['diff', $bridges, $bridges], 0, "7 of 7 functions are the same\n", '');
}

# Without extended config space there are no serial numbers.
{
    my $short = put('short', machine({ size => 256 }, %slots));
    my $note = qr/: no function has more than 256 bytes \(lspci -xxxx shows them\): serial numbers, /;
    is_run('lspci -xxx: the serial numbers of the other machine are no difference', {}, ['diff', $short, $old], 0,
        qr/^CANNOT TELL .*\n    .* \[1234:0010\]\n    at 0000:01:00\.0 0000:02:00\.0\n10 of 10 functions are the same\n/, qr/\Apcigate: \Q$short\E$note.*\n\z/);
    is_run('lspci -xxx: a serial number that is not seen is not lost', {}, ['diff', $old, $short], 0, qr/^10 of 10 functions are the same\n/m, qr/$note/);
    is_run('a serial number that was there before', {}, ['diff', $old, put('new', machine({}, %slots, '03' => card(0x20, class => 0x010802)))], 1,
        qr{\n    serial was 0000000000003333, is none now\n}, '');
}

# Bridges that lead nowhere, segments of Linux, functions that cannot be read.
{
    my $reset = get($old) =~ s/^(00:01\.0.*\n00: .*\n10: (?:\S\S ){8}00) 01 01/$1 00 00/mr;
    like(differs('a bridge that lost its bus numbers', $reset, '8 of 10 functions are the same, 1 rerouted, 1 renumbered', 'REROUTED 0000:01:00.0',
            'RENUMBERED 0000:00:01.0 buses 01-01 -> 00-00'), qr{path 0000:00:01\.0/00\.0 -> 0000:01:00\.0\n}, 'a bridge that lost its bus numbers: the path');
    my $text = get($old);
    my $vmd = sub { my ($bus) = @_; $text . function('10000:00:00.0', bridge => [0, $bus, $bus], size => 4096) . function("10000:0$bus:00.0", size => 4096) };
    local $old = put('vmd', $vmd->(1));
    differs('a segment that only Linux has', $vmd->(2), '10 of 12 functions are the same, 1 moved, 1 renumbered',
        'MOVED 10000:01:00.0 -> 10000:02:00.0', 'RENUMBERED 10000:00:00.0 buses 01-01 -> 02-02');
}

# Captures.
is_run('captures', {}, ['diff', 'tests/vectors/unharmed.dts', 'tests/vectors/bridge-reset.dts'], 1, qr/^GONE 0000:01:00\.0\n/m, '');
is_run('a capture and itself', {}, ['diff', 'tests/vectors/unharmed.dts', 'tests/vectors/unharmed.dts'], 0, qr/^11 of 11 functions are the same\n/m, '');

{
    my $capture = 'tests/vectors/unharmed.dts';
    my $vmd = put('vmd-alone', function('10000:00:00.0', bridge => [0, 1, 1], size => 4096) . function('10000:01:00.0', size => 4096) . machine({}, '01' => $nic1));
    is_run('a capture does not have the domains of Linux, so they are not new', {}, ['diff', $capture, $vmd], 1, qr/\A(?!(.*\n)*.* 10000:)/,
        "pcigate: $vmd: 2 functions in domains from 10000 on are left out: Linux numbers these domains, and a capture does not have them\n");
}

# JSON.
{
    my $new = put('new', machine({}, %slots, '00' => card(0x40), '03' => card(0x20, class => 0x010802, serial => 0x9999)));
    my ($status, $output) = pcigate({}, 'diff', '--json', $old, $new);
    my $object = eval { JSON::PP->new->utf8->decode($output) } // {};
    my %of = map { ($_->{old} // $_->{new} // {})->{path} => $_ } @{ $object->{functions} // [] };
    my $moved = $of{'0000:00:01.0/00.0'} // {};
    is_deeply([$status, $object->{same}, @{ $object->{counts} }{qw(same moved replaced new renumbered)}], [1, JSON::PP::false, 1, 3, 1, 2, 5], 'JSON: the counts');
    is_deeply([@$moved{qw(state certain because-of taken-by)}, map { @$_{qw(address id class revision serial)} } @$moved{qw(old new)}],
        ['moved', JSON::PP::true, '0000:00:01.0', '0000:00:00.0/00.0', '0000:01:00.0', '1234:0010', '020000', '00', '0000000000001111',
            '0000:02:00.0', '1234:0010', '020000', '00', '0000000000001111'], 'JSON: a card that moved');
    is_deeply($of{'0000:00:03.0/00.0'}{difference}, { field => 'serial', was => '0000000000003333', now => '0000000000009999' }, 'JSON: a card that was replaced');
    is_deeply([@{ $object->{old} }{qw(name functions serials)}], [$old, 10, JSON::PP::true], 'JSON: the machines');
    ($status, $output) = pcigate({}, 'diff', '--json', "$dir/equal", "$dir/equal");
    $object = eval { JSON::PP->new->utf8->decode($output) } // {};
    my @addresses = ('0000:01:00.0', '0000:02:00.0');
    is_deeply([$status, $object->{'cannot-tell'}, scalar grep { !$_->{certain} } @{ $object->{functions} }], [0, [{ old => \@addresses, new => \@addresses }], 2],
        'JSON: cards that cannot be told apart');
}

# A graph.
{
    my $dot = is_run('--dot', {}, ['diff', '--dot', $old, put('new', machine({}, %slots, '01' => $other_nic, '02' => $nic1))], 1,
        qr/\A.*\ndigraph pci \{\n(\t.*;\n)+\}\n\z/, '');
    my @nodes = $dot =~ /^\t([ab]\d+) \[/mg;
    my @arrows = $dot =~ /^\t(a\d+ -> b\d+) \[color=firebrick/mg;
    is_deeply([scalar @nodes, @arrows], [20, 'a6 -> b7', 'a7 -> b6'], '--dot: all functions of both machines, and where two went');
    SKIP: {
        skip 'no dot', 1 if system('command -v dot >/dev/null');
        put('graph', $dot);
        is(system("dot -Tsvg $dir/graph >/dev/null"), 0, '--dot: dot(1) accepts the graph');
    }
}

# Entries of the journal: a socket in place of journald's takes them.
SKIP: {
    skip 'not root', 3 if $> || system('unshare -m true 2>/dev/null');
    my $journald = put('journald', <<'END');
use IO::Socket::UNIX;
use Socket;
my $socket = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => '/run/systemd/journal/socket') or die $!;
my $status = system(@ARGV) >> 8;
$socket->blocking(0);
while (defined $socket->recv(my $entry, 65536)) {
    $entry =~ s{^MESSAGE\n(.{8})}{'MESSAGE ' . unpack('Q<', $1) . ' '}mse;
    print "$entry\n";
}
exit $status;
END
    my $start = 'mount -t tmpfs none /run && mkdir -p /run/systemd/journal && exec "$@"';
    my $new = put('new', machine({}, %slots, '01' => card(0, functions => 0), '04' => card(0x31, class => 0x030000), '05' => $nic1));
    my ($status, $output, $complaint) = run({}, 'unshare', '-m', 'sh', '-c', $start, 'sh', $^X, $journald, $pcigate, 'diff', '--journal', $old, $new);
    my @entries = split /\n\n/, $output;
    is_deeply([$status, $complaint, scalar @entries], [1, '', 3], '--journal: an entry for each change, and the summary');
    my ($fields, $length, $message) = ($entries[1] // '') =~ /\A(.*)MESSAGE (\d+) (.*)\z/s;
    is_deeply([$fields, $length, $message // '' ], [<<'END', length $message // '', $message], '--journal: the fields of a change, and the length of its message');
PRIORITY=3
PCIGATE_CHANGE=moved
PCIGATE_PATH=0000:00:01.0/00.0
PCIGATE_ID=1234:0010
PCIGATE_BDF=0000:01:00.0
PCIGATE_FROM=0000:01:00.0
PCIGATE_TO=0000:05:00.0
SYSLOG_IDENTIFIER=pcigate
PCIGATE=baseline
END
    my (undef, $text) = pcigate({}, 'diff', $old, $new);
    is(join("\n", map { /MESSAGE \d+ (.*)\z/s } @entries) =~ s/\n*\z/\n/r, $text, '--journal: the messages are the text of the comparison');
    is_run('--journal without journald', {}, ['diff', '--journal', $old, $new], 2, '', "pcigate: /run/systemd/journal/socket: No such file or directory\n") unless -e '/run/systemd/journal/socket';
}

# Names are those of pci.ids.
SKIP: {
    skip 'no pci.ids', 1 unless -e '/usr/share/misc/pci.ids';
    is_run('the names of class, vendor and device', {}, ['diff', $old, put('new', get($old) . function('06:00.0', id => [0x8086, 0x10d3], class => 0x020000))], 1,
        qr/^NEW 0000:06:00\.0\n    Ethernet controller: Intel Corporation 82574L .* \[8086:10d3\]\n/m, '');
}

# Options and files.
my $help = qr/; see pcigate diff --help\n\z/;
is_run('no file', {}, ['diff'], 2, '', qr/^pcigate: diff: a file is missing: .*$help/);
is_run('three files', {}, ['diff', $old, $old, 'third'], 2, '', qr/^pcigate: diff: two files at most, .*'third'$help/);
is_run('standard input twice', {}, ['diff', '-', '-'], 2, '', qr/^pcigate: diff: only one of the two .*$help/);
is_run('an unknown option', {}, ['diff', '--josn', $old], 2, '', qr/^pcigate: diff: unknown option '--josn'$help/);
is_run('a wrong colour', {}, ['diff', '--color=red', $old], 2, '', qr/^pcigate: diff: --color takes .*'red'$help/);
is_run('two kinds of output', {}, ['diff', '--json', '-q', $old], 2, '', qr/^pcigate: diff: only one of .*$help/);
is_run('--help', {}, ['diff', '--help'], 0, qr/^usage: pcigate diff .*\n(.*\n)*Exit status: 0 /, '');
is_run('--color', {}, ['diff', '--color', $old, "$dir/dual"], 1, qr/^\033\[33mNEW\033\[0m 0000:/m, '');
is_run('an arrow in a UTF-8 locale', { env => { LC_ALL => 'C.UTF-8' } }, ['diff', $old, put('new', machine({ first => 9 }, %slots))], 1, qr/^MOVED 0000:01:00\.0 → 0000:09:00\.0$/m, '');
is_run('a file that does not exist', {}, ['diff', $old, "$dir/none"], 2, '', "pcigate: $dir/none: cannot open it: No such file or directory\n");
is_run('a directory', {}, ['diff', $dir, $old], 2, '', "pcigate: $dir: cannot read it: Is a directory\n");
is_run('an empty file', {}, ['diff', put('empty', ''), $old], 2, '', "pcigate: $dir/empty: is empty\n");
is_run('an empty file, compressed', {}, ['diff', put('empty.gz', do { gzip(\'', \my $packed); $packed }), $old], 2, '', "pcigate: $dir/empty.gz: is empty\n");
is_run('a damaged gzip file', {}, ['diff', put('cut.gz', substr get("$dir/old.gz"), 0, 100), $old], 2, '', qr{\Apcigate: \Q$dir\E/cut\.gz: cannot decompress it: .*\n\z});
is_run("$_->[1]", {}, ['diff', put('packed', "$_->[0]\0"), $old], 2, '', "pcigate: $dir/packed: is $_->[1]: convert it with $_->[2]\n")
    for ["\xfd7zXZ\0", 'compressed by xz', 'xz -dc'], ["\x28\xb5\x2f\xfd", 'compressed by zstd', 'zstd -dc'], ["BZh9", 'compressed by bzip2', 'bzip2 -dc'],
    ["\xff\xfe0", 'UTF-16 text', 'iconv -f UTF-16 -t UTF-8'], ["\xfe\xff", 'UTF-16 text', 'iconv -f UTF-16 -t UTF-8'];
is_run('a gzip file above 64 MiB', {}, ['diff', put('huge.gz', do { gzip(\("\n" x (65 << 20)), \my $packed); $packed }), $old], 2, '', "pcigate: $dir/huge.gz: decompresses to more than 64 MiB\n");
is_run('an ELF file', {}, ['diff', $old, $pcigate], 2, '', qr/^pcigate: \Q$pcigate\E: is not text\n\z/) if -s $pcigate < 64 << 20;
is_run('a capture without functions', {}, ['diff', put('bare.dts', qq{/dts-v1/;\n/ {\n\tcompatible = "pcigate-capture-v1";\n};\n}), $old], 2, '',
    "pcigate: $dir/bare.dtb: has no PCI function\n");
is_run('a full disk', { stdout => '/dev/full' }, ['diff', $old, $old], 2, '', qr/^pcigate: cannot write the output: /);

# Virtual functions follow their physical function, so that only the addresses of a changed one are shown.
{
    # The extended list with SR-IOV alone: VF Enable, NumVFs, First VF Offset, VF Stride.
    my $sriov = sub { return (0x100 => pack 'V6', 0x00010010, 0, $_[0], 0x00080008, $_[1], $_[2]) };
    my $physical = sub {
        my ($bus, @registers) = @_;
        return function('00:01.0', bridge => [0, $bus, $bus + 1], raw => { express(4) }, size => 4096) .
            function(sprintf('%02x:00.0', $bus), id => [0x1234, 0x0040], size => 4096, raw => { express(0), $sriov->(@registers) });
    };
    my $eight = put('eight', $physical->(1, 1, 8, 0x00020080));
    is_run('eight virtual functions, and none', {}, ['diff', $eight, put('none', $physical->(1, 0, 8, 0x00020080))], 0, qr/^2 of 2 /, '');
    is_run('a physical function that moved', {}, ['diff', $eight, put('seven', $physical->(7, 1, 2, 0x00010100))], 1,
        qr/^    virtual functions: 8 at 0000:01:10\.0 to 0000:01:11\.6 -> 2 at 0000:08:00\.0 to 0000:08:00\.1$/m, qr//);
    is_run('a physical function without virtual functions that moved', {}, ['diff', $eight, put('off', $physical->(7, 0, 2, 0x00010100))], 1,
        qr/^    virtual functions: 8 at 0000:01:10\.0 to 0000:01:11\.6 -> none$/m, qr//);
    is_run('registers of virtual functions above bus 255', {}, ['diff', put('high', $physical->(250, 1, 8, 0xffff0100)), $eight], 1,
        qr/^    virtual functions: none -> 8 at /m, qr//);
    my (undef, $output) = pcigate({}, 'diff', '--json', $eight, "$dir/off");
    my ($change) = grep { !$_->{bridge} } @{ JSON::PP->new->utf8->decode($output)->{functions} };
    is_deeply([$change->{old}{'virtual-functions'}, $change->{new}{'virtual-functions'}],
        [{ number => 8, first => '0000:01:10.0', last => '0000:01:11.6' }, undef], 'JSON: the virtual functions');
}

# This host.
SKIP: {
    skip 'no PCI here', 4 unless glob '/sys/bus/pci/devices/*';
    skip 'not root', 4 if $>;
    is_run('this host is not the machine of a dump', {}, ['diff', $old], 1, qr/^GONE /m, qr/\A(pcigate: this host: .*\n)*\z/);
    is_run('this host is not a file', {}, ['diff', '-q', $old], 1, '', '');
    is(system("$pcigate record --all -o $dir/host.dtb >$dir/out 2>&1"), 0, 'this host is recorded');
    is_run('this host is the same as its recording', {}, ['diff', "$dir/host.dtb"], 0, qr/^(\d+) of \1 functions are the same\n\z/m, qr//);
}

done_testing();
