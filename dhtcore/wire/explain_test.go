package wire

import (
	"fmt"
	"strings"
	"testing"
)

// outline writes fields as a tree, a line each.
func outline(fields []Field) string {
	var b strings.Builder
	for _, f := range fields {
		fmt.Fprintf(&b, "%s%d-%d ", strings.Repeat("  ", f.Depth), f.From, f.To)
		switch {
		case f.Key != nil:
			fmt.Fprintf(&b, "%s=", f.Key)
		case f.Index >= 0:
			fmt.Fprintf(&b, "[%d]=", f.Index)
		}
		switch f.Shape {
		case Dict:
			fmt.Fprintf(&b, "{%d}", f.Int)
		case List:
			fmt.Fprintf(&b, "list of %d", f.Int)
		case Integer:
			fmt.Fprint(&b, f.Int)
		case Part:
			fmt.Fprintf(&b, "%s %s", f.ID[:], f.Addr)
		case Malformed:
			fmt.Fprintf(&b, "malformed %q", f.Bytes)
		default:
			fmt.Fprintf(&b, "%q", f.Bytes)
		}
		if f.Meaning.BEP > 0 {
			fmt.Fprintf(&b, " (BEP %d)", f.Meaning.BEP)
		}
		if note := f.Note(); note != "" {
			b.WriteString(" " + note)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestAPacketIsTakenApartIntoATree(t *testing.T) {
	for _, c := range []struct{ packet, want string }{
		{"d1:ad2:id20:" + alice + "6:target20:" + bob + "4:wantl2:n4ee1:q9:find_node1:t2:aa1:v4:LT\x02\x081:y1:qe", `
0-113 {5} (BEP 5)
  1-76 a={3} (BEP 5)
    5-32 id="abcdefghij0123456789" (BEP 5)
    32-63 target="mnopqrstuvwxyz123456" (BEP 5)
    63-75 want=list of 1 (BEP 32)
      70-74 [0]="n4" (BEP 32)
  76-90 q="find_node" (BEP 5) which nodes do you know closest to target?
  90-97 t="aa" (BEP 5)
  97-106 v="LT\x02\b" (BEP 5) libtorrent 2.0.8
  106-112 y="q" (BEP 5) a query
`},
		{"d2:ip6:\xc0\x00\x02\x01\x1a\xe11:rd2:id20:" + alice + "5:nodes26:" + node4 + "7:samples20:" + bob +
			"6:valuesl6:\xc0\x00\x02\x01\x1a\xe1ee1:y1:re", `
0-138 {3} (BEP 5)
  1-13 ip="\xc0\x00\x02\x01\x1a\xe1" (BEP 42)
  13-131 r={4} (BEP 5)
    17-44 id="abcdefghij0123456789" (BEP 5)
    44-80 nodes="mnopqrstuvwxyz123456\xc0\x00\x02\x01\x1a\xe1" (BEP 5)
      54-80 [0]=mnopqrstuvwxyz123456 192.0.2.1:6881 (BEP 5)
    80-112 samples="mnopqrstuvwxyz123456" (BEP 51)
      92-112 [0]=mnopqrstuvwxyz123456 invalid AddrPort (BEP 51)
    112-130 values=list of 1 (BEP 5)
      121-129 [0]="\xc0\x00\x02\x01\x1a\xe1" (BEP 5)
  131-137 y="r" (BEP 5) a reply
`},
		{"d1:eli203e9:bad tokene1:v4:LT\x02\x081:y1:ee!", `
0-38 {3} (BEP 5)
  1-22 e=list of 2 (BEP 5)
    5-10 [0]=203 (BEP 5) protocol error: a malformed packet, an invalid argument or a bad token
    10-21 [1]="bad token" (BEP 5)
  22-31 v="LT\x02\b" (BEP 5) libtorrent 2.0.8
  31-37 y="e" (BEP 5) an error
38-39 malformed "!"
`},
		{"d1:t2:aa1:y5:q", `
0-8 {1} (BEP 5)
  1-8 t="aa" (BEP 5)
8-14 malformed "1:y5:q"
`},
	} {
		if got := outline(Explain([]byte(c.packet))); got != c.want[1:] {
			t.Errorf("%q is\n%swant\n%s", c.packet, got, c.want[1:])
		}
	}
}

func TestEveryKeyThatIsReadOrWrittenIsExplained(t *testing.T) {
	seen := 0
	packets := [][]byte{
		AppendQuery(nil, idOf(alice), []byte("aa"), true, &Query{Method: GetPeers, Scrape: true, NoSeed: true, Want: WantNodes | WantNodes6}),
		AppendQuery(nil, idOf(alice), []byte("aa"), false, &Query{Method: AnnouncePeer, Port: 1, ImpliedPort: true, Seed: true, Token: []byte("tk")}),
		AppendQuery(nil, idOf(alice), []byte("aa"), false, &Query{Method: Put, Token: []byte("tk"), Item: signed(asIs, asIs)}),
		AppendReply(nil, idOf(alice), []byte("aa"), external, &Answer{Nodes: []byte(node4), Nodes6: []byte(node6), Token: []byte("tk"),
			Values: []byte(node4[20:]), ValueLen: 6, SeedFilter: make([]byte, FilterLen), PeerFilter: make([]byte, FilterLen)}),
		AppendReply(nil, idOf(alice), []byte("aa"), external, &Answer{Samples: []byte(bob), Num: 1, Interval: 3600}),
		AppendError(nil, []byte("aa"), external, CodeProtocol, "bad token"),
	}
	for _, v := range vectors {
		packets = append(packets, []byte(v.packet))
	}
	for _, packet := range packets {
		for _, f := range Explain(packet) {
			if seen++; !f.Meaning.Known || f.Meaning.Text == "" {
				t.Errorf("%q of %q is not explained", f.Key, packet)
			}
		}
	}
	if seen < 100 {
		t.Errorf("only %d fields", seen)
	}
}

func TestTheCountOfAFilterFollowsTheFormulaOfBEP33(t *testing.T) {
	var ones, some [FilterLen]byte
	for i := range ones {
		ones[i] = 0xff
	}
	for i := range 117 { // 936 bits
		some[i] = 0xff
	}
	for _, c := range []struct {
		filter []byte
		want   int
		ok     bool
	}{{make([]byte, FilterLen), 0, true}, {some[:], 625, true}, {ones[:], 7806, true}, {[]byte("x"), 0, false}} {
		if got, ok := filterCount(c.filter); got != c.want || ok != c.ok {
			t.Errorf("%d, %v, want %d", got, ok, c.want)
		}
	}
}

func FuzzExplain(f *testing.F) {
	seed(f)
	f.Add([]byte(strings.Repeat("l", 1400)))
	f.Add([]byte("d1:v" + strings.Repeat("le", 700)))
	f.Add([]byte("d1:rd5:nodes1300:" + strings.Repeat(node4, 50) + "eedebris"))
	f.Fuzz(func(t *testing.T, packet []byte) {
		fields := Explain(packet)
		if len(fields) > maxExplained+1 || len(fields) == 0 {
			t.Fatalf("%d fields of %q", len(fields), packet)
		}
		covered := 0
		for i := range fields {
			f := &fields[i]
			if f.From < 0 || f.To < f.From || f.To > len(packet) || f.Depth > maxNested || !within(f.Bytes, packet) {
				t.Fatalf("field %d of %q is %+v", i, packet, *f)
			}
			if i > 0 && (f.Depth > fields[i-1].Depth+1 || f.From < fields[i-1].From) {
				t.Fatalf("field %d of %q does not follow the one before", i, packet)
			}
			if f.Depth == 0 {
				covered += f.To - f.From
			}
			for _, r := range f.Note() {
				if r < ' ' || r > '~' && r != 'µ' {
					t.Fatalf("the note %q of %q is not printable", f.Note(), packet)
				}
			}
		}
		last := fields[len(fields)-1]
		if covered != len(packet) || last.Shape != Malformed && Scan(packet, new(Message)) != nil && packet[0] == 'd' {
			t.Fatalf("%d of the %d bytes of %q are shown:\n%s", covered, len(packet), packet, outline(fields))
		}
	})
}
