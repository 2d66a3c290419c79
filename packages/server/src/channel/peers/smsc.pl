#!/usr/bin/perl
# A message centre for tests on an independent SMPP codec (Debian's libnet-smpp-perl), on a free port of the loopback.
# Prints one JSON object a line: where it listens, what it took, how its deliveries were answered.
# A number tells how it is treated by its last two digits: 77 unknown, 88 throttled, 66 taken and then cut off,
# 99 undeliverable, 98 delivered with a receipt in text alone. A message "MO:…" has the phone answer with what follows.
use strict;
use warnings;
use Encode qw(decode encode);
use IO::Select;
use JSON::PP;
use Net::SMPP;

$| = 1;
$SIG{CHLD} = 'IGNORE';
my $listener = Net::SMPP->new_listen('127.0.0.1', port => 0) or die "cannot listen: $!";
my $json = JSON::PP->new->utf8;
say_json(listening => $listener->sockport);
my $parent = $$;
my $taken = 0;

while (1) {
  my $phone_side = $listener->accept or next;
  next if fork;
  serve($phone_side);
  exit;
}

sub say_json { print $json->encode({@_}), "\n" }

sub serve {
  my $link = shift;
  ${*$link}{async} = 1;    # otherwise the module waits for each deliver_sm_resp
  my $select = IO::Select->new($link);
  while (1) {
    exit if getppid != $parent;
    next unless $select->can_read(0.2);
    my $pdu = $link->read_pdu or last;
    my $command = $pdu->{cmd};
    if    ($command == 0x09) { bind_to($link, $pdu) }
    elsif ($command == 0x04) { take($link, $pdu) }
    elsif ($command == 0x15) { $link->enquire_link_resp(seq => $pdu->{seq}) }
    elsif ($command == 0x06) { $link->unbind_resp(seq => $pdu->{seq}); last }
    elsif ($command == 0x80000005) { say_json(acknowledged => $pdu->{seq}, status => $pdu->{status}) }
  }
}

sub bind_to {
  my ($link, $pdu) = @_;
  $link->bind_transceiver_resp(system_id => 'smsc', seq => $pdu->{seq}, status => $pdu->{password} eq 'pw' ? 0 : 0x0E);
}

sub take {
  my ($link, $pdu) = @_;
  my ($to) = $pdu->{destination_addr} =~ /(\d\d)$/;
  return $link->submit_sm_resp(message_id => '', seq => $pdu->{seq}, status => 0x0B) if $to eq '77';
  return $link->submit_sm_resp(message_id => '', seq => $pdu->{seq}, status => 0x58) if $to eq '88';

  my $id = sprintf '%d-%d', $$, ++$taken;
  my ($header, $bytes) = ('', $pdu->{short_message});
  if ($pdu->{esm_class} & 0x40) {
    my $length = 1 + ord $bytes;
    ($header, $bytes) = (unpack('H*', substr $bytes, 0, $length), substr $bytes, $length);
  }
  my $text = decode($pdu->{data_coding} == 8 ? 'UTF-16BE' : 'gsm0338', $bytes);
  say_json(id => $id, to => '+' . $pdu->{destination_addr}, text => $text, coding => $pdu->{data_coding}, header => $header);
  exit if $to eq '66';

  $link->submit_sm_resp(message_id => $id, seq => $pdu->{seq});
  receipt($link, $pdu, $id, $to) if $pdu->{registered_delivery} & 1;
  answer($link, $pdu, $1) if $text =~ /^MO:(.*)/s;
}

sub receipt {
  my ($link, $pdu, $id, $to) = @_;
  my $state = $to eq '99' ? 'UNDELIV' : 'DELIVRD';
  my $text = "id:$id sub:001 dlvrd:001 submit date:2611220000 done date:2611220001 stat:$state err:005 text:";
  my @tlvs = $to eq '98' ? () : (receipted_message_id => "$id\0", message_state => pack('C', $state eq 'DELIVRD' ? 2 : 5));
  $link->deliver_sm(esm_class => 4, ends($pdu), short_message => $text, @tlvs);
}

# In one message, or in parts of twenty letters, the last part first.
sub answer {
  my ($link, $pdu, $text) = @_;
  my @parts = $text =~ /.{1,20}/gs;
  return deliver($link, $pdu, 0, encode('UTF-16BE', $text)) if @parts == 1;
  for my $index (reverse 1 .. @parts) {
    deliver($link, $pdu, 0x40, pack('C6', 5, 0, 3, 42, scalar @parts, $index) . encode('UTF-16BE', $parts[$index - 1]));
  }
}

sub deliver {
  my ($link, $pdu, $esm_class, $bytes) = @_;
  my $sequence = $link->deliver_sm(esm_class => $esm_class, ends($pdu), data_coding => 8, short_message => $bytes);
  say_json(answered => $sequence);
}

sub ends {
  my $pdu = shift;
  return (source_addr => $pdu->{destination_addr}, destination_addr => $pdu->{source_addr});
}
