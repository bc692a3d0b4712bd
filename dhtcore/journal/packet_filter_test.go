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
	k := Packet{Way: wire.In, Kind: wire.KindReply, Method: wire.GetPeers, Addr: there, Target: hash, HasTarget: true}
	line := k.AppendLine(nil, &m)
	for _, yes := range []string{"", "in", "reply", "IN Reply get_p", "192.0.2.", "192.0.2.7:6881", ":6881", "2d066c", "abcd", "!out", "!ping !query", "~192\\..*2d06", "!"} {
		if f, err := ParsePacketFilter(yes); err != nil || !f.Match(line) || f.String() != yes {
			t.Errorf("%q does not match %q: %v", yes, line, err)
		}
	}
	for _, no := range []string{"out", "get", "i", "in query", "92.0.2.7", ":688", "066c", "!in", "in !reply", "~^out", "xyz"} {
		f, err := ParsePacketFilter(no)
		if err != nil || f.Match(line) != (no == "i") {
			t.Errorf("%q: %v, %v for %q", no, f.Match(line), err, line)
		}
	}
	if _, err := ParsePacketFilter("~("); err == nil || !strings.Contains(err.Error(), "regular expression") {
		t.Errorf("a bad pattern: %v", err)
	}
}
