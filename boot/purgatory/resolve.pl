#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# resolve.pl IN OUT - applies the relocations in a relocatable object that do not depend on the load
# address.
#
# "ld -r" keeps every relocation, even that of a call between two functions of one section, whose
# distance is already known. These relocations are a quarter of the purgatory's file; with the
# symbols that only they use, a third. ELF-64: System V ABI, chapter 4; x86-64 psABI, 4.4.1.
use strict;
use warnings;

my ( $in, $out ) = @ARGV;
die "usage: resolve.pl IN OUT\n" unless defined $out && @ARGV == 2;

my ( $SHT_RELA, $R_PC32, $R_PLT32 ) = ( 4, 2, 4 );

sub slurp {
	my ($name) = @_;
	open my $file, '<:raw', $name or die "$name: $!\n";
	local $/;
	return scalar <$file>;
}

my $elf = slurp($in);
die "$in: not a relocatable object for x86-64\n"
  unless substr( $elf, 0, 6 ) eq "\x7fELF\x02\x01" && unpack( 'x16 v v', $elf ) == 1 && unpack( 'x18 v', $elf ) == 62;

my ( $table, $size, $number ) = unpack 'x40 Q< x10 v v', $elf;
my @section;
for my $i ( 0 .. $number - 1 ) {
	my %header;
	@header{qw(name type flags addr offset size link info align entsize)} =
	  unpack 'V V Q< Q< Q< Q< V V Q< Q<', substr( $elf, $table + $i * $size, $size );
	push @section, \%header;
}

my ( $resolved, $kept ) = ( 0, 0 );
for my $i ( 0 .. $number - 1 ) {
	my $rela = $section[$i];
	next unless $rela->{type} == $SHT_RELA;
	my ( $target, $symtab ) = ( $section[ $rela->{info} ], $section[ $rela->{link} ] );
	my $rest = '';
	for ( my $at = 0; $at < $rela->{size}; $at += 24 ) {
		my $entry = substr $elf, $rela->{offset} + $at, 24;
		my ( $place, $type, $symbol, $addend ) = unpack 'Q< V V q<', $entry;
		my ( $defined_in, $value ) = unpack 'x6 v Q<', substr $elf, $symtab->{offset} + $symbol * 24, 24;
		if ( ( $type == $R_PC32 || $type == $R_PLT32 ) && $defined_in == $rela->{info} ) {
			my $distance = $value + $addend - $place;
			die "$in: a distance of $distance does not fit\n" if abs $distance >= 2**31;
			die "$in: a relocation outside its section\n" if $place + 4 > $target->{size};
			substr( $elf, $target->{offset} + $place, 4 ) = pack 'l<', $distance;
			$resolved++;
		} else {
			$rest .= $entry;
			$kept++;
		}
	}
	substr( $elf, $rela->{offset}, length $rest ) = $rest;
	substr( $elf, $table + $i * $size + 32, 8 ) = pack 'Q<', length $rest;
}
die "$in: nothing to resolve\n" unless $resolved;

open my $file, '>:raw', $out or die "$out: $!\n";
print {$file} $elf or die "$out: $!\n";
close $file or die "$out: $!\n";
