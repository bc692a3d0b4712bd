package report

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/wire"
	"dhtop/views/text"
)

// masked hides what the screen hides while it masks; the last of the IDs below is ours.
var masked = Options{Mask: &text.Mask{Privacy: text.Masked, Own: [][20]byte{id(0x5e, 0x1f, 0x5e, 0x1f)}}}

func someNodes(o Options) []Node {
	good := dhtcore.TableNode{Bucket: 3, Client: `libtorrent "2.0.8", at 203.0.113.7`, FirstSeen: at(0), LastReply: at(time.Minute), RTT: 41_500 * time.Microsecond}
	good.ID, good.Addr, good.Secure = id(0xab), addr("203.0.113.7:6881"), true
	spare := dhtcore.TableNode{Replacement: true}
	spare.ID, spare.Addr = id(0xcd), addr("[2001:db8:1:2::3]:51413")
	return []Node{NewNode(&good, 1, at(2*time.Minute), o), NewNode(&spare, 2, at(0), o)}
}

func TestNodesInEveryFormat(t *testing.T) {
	for name, o := range map[string]Options{"nodes": {}, "nodes-masked": masked} {
		for f, ext := range map[Format]string{CSV: ".csv", JSON: ".json", NDJSON: ".ndjson", Plain: ".plain"} {
			var b bytes.Buffer
			if err := WriteNodes(&b, f, someNodes(o)); err != nil {
				t.Fatal(err)
			}
			golden(t, name+ext, b.Bytes())
		}
	}
	if err := WriteNodes(new(bytes.Buffer), Magnet, someNodes(Options{})); err == nil {
		t.Error("nodes have magnet links")
	}
}

func TestNoRowsAreAnEmptyList(t *testing.T) {
	for f, want := range map[Format]string{CSV: nodeList.header + "\n", JSON: "[\n]\n", NDJSON: "", Plain: ""} {
		var b bytes.Buffer
		if err := WriteNodes(&b, f, nil); err != nil || b.String() != want {
			t.Errorf("%s: %q, %v, want %q", f, b.String(), err, want)
		}
	}
}

func TestPacketsInEveryFormat(t *testing.T) {
	query := journal.Packet{At: at(0), Way: wire.Out, Addr: addr("203.0.113.7:6881"), Kind: wire.KindQuery, Method: wire.FindNode,
		Target: id(0x5e, 0x1f, 0x5e, 0x1f), HasTarget: true, Payload: []byte("d1:ad2:id20:\x5e\x1f\x5e\x1f" + strings.Repeat("\x00", 16) + "e1:q9:find_node1:t2:aa1:y1:qe")}
	refusal := journal.Packet{At: at(20 * time.Millisecond), Addr: addr("203.0.113.7:6881"), Kind: wire.KindError, Method: wire.FindNode, Took: 20 * time.Millisecond,
		Payload: []byte("d1:eli203e21:ask elsewhere,\n\"then\"e1:t2:aa1:v4:LT\x02\x081:y1:ee")}
	for name, o := range map[string]Options{"packets": {}, "packets-masked": masked} {
		var packets []Packet
		for _, raw := range []journal.Packet{query, refusal} {
			raw.Size = len(raw.Payload)
			var hidden []bool
			if o.Mask != nil {
				hidden = make([]bool, raw.Size)
				copy(hidden[12:], []bool{true, true, true, true})
			}
			packets = append(packets, NewPacket(dhtcore.NewPacket(raw, id(0x5e, 0x1f, 0x5e, 0x1f)), hidden, o))
		}
		for f, ext := range map[Format]string{CSV: ".csv", JSON: ".json", NDJSON: ".ndjson", Plain: ".plain"} {
			var b bytes.Buffer
			if err := WritePackets(&b, f, packets); err != nil {
				t.Fatal(err)
			}
			golden(t, name+ext, b.Bytes())
		}
	}
}

// An error of the network quotes addresses; masked, it shows their networks as the fields beside it do.
func TestMaskedTextsShowNetworksOnly(t *testing.T) {
	const says = "read udp 0.0.0.0:6881->203.0.113.7:6881: [2001:db8:1:2::3]:80 refused"
	l := found
	l.Err, l.Closest = says, append([]dhtcore.Step(nil), l.Closest...)
	for i := range l.Closest {
		l.Closest[i].Client = says
	}
	l.Stored = []dhtcore.Receipt{{Err: &wire.Error{Code: 203, Text: says}}}
	o := Options{MaskAddrs: true}
	event := dhtcore.Event{Kind: journal.Warning, Text: says}
	var b bytes.Buffer
	unnamed := NewLookup(&l, o)
	unnamed.SetTorrent(nil, l.Stored[0].Err, o)
	if err := WriteTorrent(&b, nil, l.Stored[0].Err, o); err != nil {
		t.Fatal(err)
	}
	for _, v := range []any{unnamed, NewAnnounce(&l, &dhtcore.Torrent{}, 1, false, o)} {
		if err := WriteNDJSON(&b, v); err != nil {
			t.Fatal(err)
		}
	}
	got := string(AppendEventLine(AppendEvent(b.Bytes(), &event, o), &event, o))
	for _, secret := range []string{"113.7", "1:2::3", "6881"} {
		if strings.Contains(got, secret) {
			t.Errorf("masked, and yet %s is told in %s", secret, got)
		}
	}
	if n := strings.Count(got, "0.0.0.0/24->203.0.113.0/24: 2001:db8:1::/48 refused"); n < 7 {
		t.Errorf("the texts are told %d times in %s", n, got)
	}
}
