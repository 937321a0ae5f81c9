# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Dump.pm - makes the output of lspci -xxx and -xxxx, for tests.
package Dump;
use strict;
use warnings;

use Exporter qw(import);

our @EXPORT = qw(function text express serial);

# A function in the format of lspci -xxx; %of: id, class, bridge => [primary, secondary, subordinate], header, multi,
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

# The PCI Express capability at 0x40: the type of port; the slot capabilities, if there is a slot.
sub express {
    my ($type, $slot) = @_;
    return (0x06 => "\x10\0", 0x34 => "\x40", 0x40 => pack('CCv', 0x10, 0, 2 | $type << 4 | (defined $slot ? 0x100 : 0)),
        0x54 => pack('V', $slot // 0));
}

# The extended list with a serial number alone, for a function of 4096 bytes.
sub serial {
    my ($number) = @_;
    return (0x100 => pack 'VVV', 0x00010003, $number & 0xffffffff, $number >> 32);
}

1;
