#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# compact.pl IN OUT - removes the gap that linker and objcopy leave for .bss in a relocatable
# object.
#
# Both align the file offset of a section without contents, here to a page, and place the next
# section after it. No reader uses this offset (ELF-64: System V ABI, chapter 4, SHT_NOBITS).
use strict;
use warnings;

my ( $in, $out ) = @ARGV;
die "usage: compact.pl IN OUT\n" unless defined $out && @ARGV == 2;

my $SHT_NOBITS = 8;

open my $file, '<:raw', $in or die "$in: $!\n";
my $elf = do { local $/; <$file> };
close $file;
die "$in: not a relocatable object for x86-64\n"
  unless substr( $elf, 0, 6 ) eq "\x7fELF\x02\x01" && unpack( 'x16 v v', $elf ) == 1 && unpack( 'x18 v', $elf ) == 62;

my ( $table, $size, $number ) = unpack 'x40 Q< x10 v v', $elf;
my @section;
for my $i ( 0 .. $number - 1 ) {
	my $header = substr $elf, $table + $i * $size, $size;
	my ( $type, $offset, $length, $align ) = unpack 'x4 V x16 Q< Q< x8 Q<', $header;
	push @section, { header => $header, type => $type, offset => $offset, size => $length, align => $align || 1 };
}

# Sections with contents keep their order. The section table comes last, as before.
my $body = substr $elf, 0, 64;
for my $section ( sort { $a->{offset} <=> $b->{offset} } @section ) {
	my $empty = !$section->{type} || $section->{type} == $SHT_NOBITS;

	$body .= "\0" x ( -length($body) % $section->{align} ) unless $empty;
	substr( $section->{header}, 24, 8 ) = pack 'Q<', $section->{type} ? length $body : 0;
	$body .= substr $elf, $section->{offset}, $section->{size} unless $empty;
}
$body .= "\0" x ( -length($body) % 8 );
substr( $body, 40, 8 ) = pack 'Q<', length $body;
$body .= $_->{header} for @section;

open $file, '>:raw', $out or die "$out: $!\n";
print {$file} $body or die "$out: $!\n";
close $file or die "$out: $!\n";
