package wire

import (
	"bytes"
	"math"
	"net/netip"
	"reflect"
	"strconv"
	"testing"
	"time"
)

func TestAReplyIsACopyOfThePacket(t *testing.T) {
	packet := []byte("d2:ip6:\xc0\x00\x02\x01\x1a\xe11:rd2:id20:" + alice + "8:intervali60e5:nodes26:" + node4 + "6:nodes638:" + node6 +
		"3:numi7e7:samples40:" + alice + bob + "5:token8:aoeusnth6:valuesl6:axje.u18:" + node6[20:] + "ee1:t2:aa1:v4:LT\x02\x081:y1:re")
	want := Reply{
		From: Contact{idOf(alice), external}, RTT: time.Second, Version: "LT\x02\x08", External: contact4.Addr,
		Token: b("aoeusnth"), Nodes: []Contact{contact4, contact6},
		Peers:      []netip.AddrPort{netip.MustParseAddrPort("97.120.106.101:11893"), contact6.Addr},
		HasSamples: true, Samples: []ID{idOf(alice), idOf(bob)}, Num: 7, Interval: time.Minute,
	}
	var m Message
	if err := Scan(packet, &m); err != nil {
		t.Fatal(err)
	}
	got := m.Reply(external, time.Second)
	for i := range packet {
		packet[i] = 'x'
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestValuesThatAreNoAddressesAreLeftOut(t *testing.T) {
	ok := netip.MustParseAddrPort("97.120.106.101:11893")
	for list, want := range map[string][]netip.AddrPort{
		"":                                   nil,
		"6:axje.u":                           {ok},
		"6:axje\x00\x00":                     nil, // port 0
		"0:5:axje.7:axje.uu6:axje.u":         {ok},
		"26:" + node4 + "6:axje.u":           {ok},
		"6:axje.ui5e6:axje.u":                {ok, ok},
		"6:axje.ul6:axje.ue6:axje.u":         {ok, ok},
		"6:axje.ud1:a6:axje.uei7e6:axje.u":   {ok, ok},
		"12:axje.uaxje.u":                    nil,      // all in one string, as before there was IPv6
		"18:axje.uaxje.uaxje.u":              nil,      // the same, and no IPv6 peer
		"18:" + string(mapped) + "6:axje.u":  {ok, ok}, // BEP 5 over an IPv6 socket
		"12:axje.uaxje.u6:axje.u6:axje\x001": {ok, netip.MustParseAddrPort("97.120.106.101:49")},
	} {
		m := scan(t, reply("6:valuesl"+list+"e"))
		if got := m.Reply(external, 0).Peers; !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %v, want %v", list, got, want)
		}
	}
}

var mapped = append([]byte("\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff"), "axje.u"...)

func TestPeersThatCannotBeAreCountedAndLeftOut(t *testing.T) {
	values := reply("6:valuesl6:axje.u6:\x00\x00\x00\x00\x00\x056:\xc0\xa8\x4d\x01\x00P6:\xff\xff\xff\xff\x00P6:\x08\x08\x08\x08\x00\x00e")
	for _, c := range []struct {
		from  string
		peers int
		lies  int
	}{{"8.8.8.8:6881", 1, 4}, {"10.0.0.1:6881", 2, 3}} {
		m := scan(t, values)
		r := m.Reply(netip.MustParseAddrPort(c.from), 0)
		r.DropFalsePeers()
		if len(r.Peers) != c.peers || r.FalsePeers != c.lies || r.Peers[0] != netip.MustParseAddrPort("97.120.106.101:11893") {
			t.Errorf("from %s: %v, %d false", c.from, r.Peers, r.FalsePeers)
		}
	}
}

func TestALoneIPv6PeerIsOneOverIPv6(t *testing.T) {
	m := scan(t, reply("6:valuesl18:"+node6[20:]+"e"))
	if got := m.Reply(contact6.Addr, 0).Peers; len(got) != 1 || got[0] != contact6.Addr || m.LeftOut() != 0 {
		t.Errorf("%v, %d left out", got, m.LeftOut())
	}
}

func TestATokenThatNoAnnounceHasRoomForIsLeftOut(t *testing.T) {
	for size, odd := range map[int]int{0: 0, 1: 0, 255: 0, 1200: 0, 1201: 1, 9000: 1} {
		token := bytes.Repeat([]byte("x"), size)
		m := scan(t, answer("5:token"+bstr(string(token))))
		r := m.Reply(external, 0)
		if m.LeftOut() != odd || odd == 0 && !bytes.Equal(r.Token, token) || odd == 1 && r.Token != nil {
			t.Errorf("%d bytes: %d left out, a token of %d", size, m.LeftOut(), len(r.Token))
		}
	}
}

func TestAnIntervalIsHeldToWhatBEP51Allows(t *testing.T) {
	for seconds, want := range map[int64]time.Duration{
		-1: 0, 0: 0, 1: time.Second, 21600: 6 * time.Hour, 21601: 6 * time.Hour, 1e12: 6 * time.Hour,
		math.MaxInt64: 6 * time.Hour, -math.MaxInt64: 0,
	} {
		m := scan(t, reply("8:intervali"+strconv.FormatInt(seconds, 10)+"e3:numi-5e"))
		if r := m.Reply(external, 0); r.Interval != want || r.Num != 0 {
			t.Errorf("%d s: interval %s, num %d", seconds, r.Interval, r.Num)
		}
	}
}

func TestAnExternalAddressOfAnotherLengthIsNone(t *testing.T) {
	for ip, want := range map[string]netip.AddrPort{
		"": {}, "\xc0\x00\x02\x01": {}, node4[20:]: contact4.Addr, node6[20:]: contact6.Addr, "1234567": {},
	} {
		m := scan(t, "d2:ip"+bstr(ip)+"1:rde1:y1:re")
		if got := m.Reply(external, 0).External; got != want || m.Invalid != "" {
			t.Errorf("%q: %s, want %s", ip, got, want)
		}
	}
}
