package journal

import (
	"strings"
	"testing"

	"dhtop/dhtcore/wire"
)

func TestFiltersAreWordsTheirOppositesAndPatterns(t *testing.T) {
	var m wire.Message
	packet := reply(1)
	if err := wire.Scan(packet, &m); err != nil {
		t.Fatal(err)
	}
	k := Packet{Way: wire.In, Kind: wire.KindReply, Method: wire.GetPeers, Addr: there, Target: hash, HasTarget: true, Size: len(packet)}
	row := &PacketRow{&k, &m}
	var buf []byte
	for _, yes := range []string{"", "in", "reply", "IN Reply get_p", "192.0.2.", "192.0.2.7:6881", ":6881", "2d066c", "abcd", "!out", "!ping !query", "~^192\\..*6881$", "066c", "92.0.2.7",
		"way:in kind:rep method=get_peers about:2d06 port=6881 net:192.0.2.0/24 id:abcd", "token", "carries:token", "bytes>20 bytes<1k"} {
		if f, err := ParsePacketFilter(yes); err != nil || !f.Match(row, &buf) || f.String() != yes {
			t.Errorf("%q does not match: %v", yes, err)
		}
	}
	for _, no := range []string{"out", "get", "i", "in query", ":688", "!in", "in !reply", "~^out", "xyz",
		"method:get method:ping", "port>7000", "ms>0", "client:lib", "code=203", "net:192.0.3.0/24", "samples"} {
		f, err := ParsePacketFilter(no)
		if err != nil || f.Match(row, &buf) != (no == "i") {
			t.Errorf("%q: %v, %v", no, f.Match(row, &buf), err)
		}
	}
	if _, err := ParsePacketFilter("~("); err == nil || !strings.Contains(err.Error(), "regular expression") {
		t.Errorf("a bad pattern: %v", err)
	}
}

func TestMatchingAPacketDoesNotAllocate(t *testing.T) {
	p, _ := watching(t, "in get_peers 192. libtorrent ms>1 !~^10")
	q := append(query(1)[:len(query(1))-1], "1:v4:LT\x02\x08e"...)
	if n := testing.AllocsPerRun(100, func() { p.Add(wire.In, 0, there, q) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestWhatAPacketCarriesIsFoundAsTheLogSaysIt(t *testing.T) {
	for _, c := range []struct{ body, want string }{
		{"5:nodes26:" + strings.Repeat("n", 26) + "5:token2:tk6:valuesl6:aaaaaa6:bbbbbbe", "1 node, 2 peers, token"},
		{"5:token2:tk", "token"},
		{"7:samples40:" + strings.Repeat("s", 40), "2 samples"},
		{"", ""},
	} {
		var m wire.Message
		if err := wire.Scan([]byte("d1:rd2:id20:"+strings.Repeat("i", 20)+c.body+"e1:t2:aa1:y1:re"), &m); err != nil {
			t.Fatal(err)
		}
		if got := string(appendCargo(nil, &PacketRow{&Packet{Kind: wire.KindReply}, &m})); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
