# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Image.pm - makes small kernel images, for the tests of `pcigate inspect`.
package Image;
use strict;
use warnings;

use Compress::Zlib ();
use Exporter qw(import);

our @EXPORT = qw(elf btf gzip image signed);

# elf(name => content, ...): an ELF file for x86-64 with these sections.
sub elf {
    my @sections = ([shstrtab => ''], @_ ? map { [$_[2 * $_], $_[2 * $_ + 1]] } 0 .. @_ / 2 - 1 : ());
    my $names = "\0" . join '', map { "$_->[0]\0" } @sections;
    $sections[0][1] = $names;
    my ($body, $table, $name) = ('', "\0" x 64, 1);
    for (@sections) {
        # sh_name, sh_type (PROGBITS or STRTAB), sh_flags, sh_addr, sh_offset, sh_size, ...
        $table .= pack 'L2 Q4 L2 Q2', $name, $_->[0] eq 'shstrtab' ? 3 : 1, 2, 0, 64 + length $body, length $_->[1], 0, 0, 1, 0;
        $name += 1 + length $_->[0];
        $body .= $_->[1] . "\0" x (-length($_->[1]) % 8);
    }
    return pack('a4 C12 S2 L Q3 L S6', "\x7fELF", 2, 1, 1, (0) x 9, 2, 62, 1, 0, 0, 64 + length $body, 0, 64, 0, 0, 64, @sections + 1, 1)
        . $body . $table;
}

# btf([structs], functions...): a BTF section. A struct is [name, size, members...]; the types of the members are void.
sub btf {
    my ($structs, @functions) = @_;
    my ($types, $strings, $nr) = ('', "\0", 1);
    my $name = sub { my $at = length $strings; $strings .= "$_[0]\0"; $at };
    # One function type, without parameters; then each struct (kind 4) and function (kind 12).
    $types .= pack 'L3', 0, 13 << 24, 0;
    for (@$structs) {
        my ($of, $size, @members) = @$_;
        $types .= pack 'L3', $name->($of), 4 << 24 | @members, $size;
        $types .= pack 'L3', $name->($_), 0, 0 for @members;
    }
    $types .= pack 'L3', $name->($_), 12 << 24 | 1, 1 for @functions;
    return pack('S C2 L5', 0xeb9f, 1, 0, 24, 0, length $types, length $types, length $strings) . $types . $strings;
}

sub gzip {
    my ($content) = @_;
    return Compress::Zlib::memGzip($content);
}

# image(payload, offset => number of 32 bits, ...): an image with the compressed payload, and some fields overwritten.
sub image {
    my ($payload, %fields) = @_;
    my $release = delete $fields{release} // '7.3.4-test';
    my $code = "\0" x 0x300 . $payload;
    $code .= "\0" x (-length($code) % 16);
    my $setup = "\0" x 2048;
    my %all = (
        0x1f1 => [C => 3], 0x1f4 => [L => length($code) / 16], 0x1fe => [S => 0xaa55], 0x202 => [a4 => 'HdrS'], 0x206 => [S => 0x20f],
        0x20e => [S => 0x400], 0x211 => [C => 1], 0x230 => [L => 0x200000], 0x234 => [C => 1], 0x236 => [S => 0x3f],
        0x238 => [L => 2047], 0x248 => [L => 0x300], 0x24c => [L => length $payload], 0x258 => [Q => 0x1000000],
        0x260 => [L => 0x10000000], 0x600 => ['Z*' => "$release (who\@where) #1 SMP"], %fields,
    );
    for (keys %all) {
        my $bytes = pack $all{$_}[0], $all{$_}[1];
        substr $setup, $_, length $bytes, $bytes;
    }
    return $setup . $code;
}

# signed(image): the image with a PE header and a certificate table of 16 bytes at its end.
sub signed {
    my ($image) = @_;
    my %fields = (0 => 'MZ', 0x3c => pack('L', 0x40), 0x40 => "PE\0\0", 0x46 => pack('S', 1), 0x54 => pack('S', 160),
        0x58 => pack('S', 0x20b), 0x78 => pack('L', 0x20), 0x94 => pack('L', 0x200), 0xc4 => pack('L', 6),
        0xe8 => pack('L2', length $image, 16));
    substr $image, $_, length $fields{$_}, $fields{$_} for keys %fields;
    return $image . pack 'L S2 x8', 16, 0x200, 2;
}

1;
