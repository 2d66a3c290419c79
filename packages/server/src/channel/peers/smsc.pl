#!/usr/bin/perl
# A message centre for tests on an independent SMPP codec (Debian's libnet-smpp-perl), on a free port of the loopback.
# Prints one JSON object a line: where it listens, what it took, how its deliveries were answered.
# A number tells how it is treated by its last two digits: 77 unknown, 88 throttled, 66 taken and then cut off,
# 99 undeliverable, 98 delivered with a receipt in text alone. A message "MO:…" has the phone answer with what follows;
# after "LOST:…" the link is cut when our answer to it has come and is not read, and it is delivered again at the next bind.
use strict;
use warnings;
use Encode qw(decode encode);
use File::Temp qw(tempdir);
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
my $undelivered = tempdir(CLEANUP => 1) . '/undelivered';

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
    elsif ($command == 0x80000005) { say_json(acknowledged => "$$-$pdu->{seq}", status => $pdu->{status}) }
  }
}

sub bind_to {
  my ($link, $pdu) = @_;
  $link->bind_transceiver_resp(system_id => 'smsc', seq => $pdu->{seq}, status => $pdu->{password} eq 'pw' ? 0 : 0x0E);
  return unless open my $file, '<', $undelivered;
  unlink $undelivered;
  my ($phone, $service, $hex) = split ' ', scalar <$file>;
  my %ends = (destination_addr => $phone, source_addr => $service);
  answer($link, \%ends, decode('UTF-8', pack 'H*', $hex));
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
  lose_answer($link, $pdu, $1) if $text =~ /^LOST:(.*)/s;
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

sub lose_answer {
  my ($link, $pdu, $text) = @_;
  open my $file, '>', $undelivered or die "cannot keep it: $!";
  print $file join ' ', $pdu->{destination_addr}, $pdu->{source_addr}, unpack 'H*', encode('UTF-8', $text);
  close $file;
  answer($link, $pdu, $text);
  IO::Select->new($link)->can_read(5);
  exit;
}

sub deliver {
  my ($link, $pdu, $esm_class, $bytes) = @_;
  my $sequence = $link->deliver_sm(esm_class => $esm_class, ends($pdu), data_coding => 8, short_message => $bytes);
  say_json(answered => "$$-$sequence");
}

sub ends {
  my $pdu = shift;
  return (source_addr => $pdu->{destination_addr}, destination_addr => $pdu->{source_addr});
}
