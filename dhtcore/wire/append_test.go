package wire

import (
	"bytes"
	"net/netip"
	"reflect"
	"strings"
	"testing"

	"github.com/anacrolix/dht/v2/krpc"
	"github.com/anacrolix/torrent/bencode"
)

var external = netip.MustParseAddrPort("198.51.100.7:40000")

// foreign decodes packet with anacrolix's decoder, and checks that it is canonical bencode: encoding
// it again gives the same bytes, so that all keys are sorted and no length has leading zeros.
func foreign(t *testing.T, packet []byte) (k krpc.Msg) {
	t.Helper()
	if err := bencode.Unmarshal(packet, &k); err != nil {
		t.Fatalf("%q: krpc says %v", packet, err)
	}
	var whole any
	if err := bencode.Unmarshal(packet, &whole); err != nil {
		t.Fatalf("%q: bencode says %v", packet, err)
	}
	if again := bencode.MustMarshal(whole); !bytes.Equal(again, packet) {
		t.Errorf("not canonical\ngot  %q\nwant %q", packet, again)
	}
	return k
}

var queries = []struct {
	q    Query
	want Message // what the query adds to a message
}{
	{Query{Method: Ping}, Message{}},
	{Query{Method: FindNode, Target: idOf(bob)}, Message{HasTarget: true, Target: idOf(bob)}},
	{Query{Method: FindNode, Target: idOf(bob), Want: WantNodes | WantNodes6},
		Message{HasTarget: true, Target: idOf(bob), Want: WantNodes | WantNodes6}},
	{Query{Method: GetPeers, Target: idOf(bob), NoSeed: true, Scrape: true, Want: WantNodes6},
		Message{HasTarget: true, Target: idOf(bob), NoSeed: true, Scrape: true, Want: WantNodes6}},
	{Query{Method: AnnouncePeer, Target: idOf(bob), Token: b("to\x00ken"), Port: 65535},
		Message{HasTarget: true, Target: idOf(bob), Token: b("to\x00ken"), HasPort: true, Port: 65535}},
	{Query{Method: AnnouncePeer, Target: idOf(bob), Token: b(""), ImpliedPort: true, Seed: true},
		Message{HasTarget: true, Target: idOf(bob), Token: b(""), HasPort: true, ImpliedPort: true, Seed: true}},
	{Query{Method: SampleInfohashes, Target: idOf(bob), Want: WantNodes},
		Message{HasTarget: true, Target: idOf(bob), Want: WantNodes}},
}

func TestQueriesAreReadBackAsTheyWereWritten(t *testing.T) {
	for _, c := range queries {
		for _, readOnly := range []bool{false, true} {
			packet := AppendQuery(nil, idOf(alice), b("\x00e"), readOnly, &c.q)
			want := c.want
			want.Kind, want.Method, want.Name = KindQuery, c.q.Method, b(c.q.Method.String())
			want.TID, want.Version, want.ReadOnly = b("\x00e"), b(Version), readOnly
			want.Body, want.HasID, want.ID = true, true, idOf(alice)
			if got := scan(t, string(packet)); !reflect.DeepEqual(got, want) {
				t.Errorf("%q\ngot  %+v\nwant %+v", packet, got, want)
			}
			agree(t, packet, &want, foreign(t, packet))
		}
	}
}

func TestAnswersAreReadBackAsTheyWereWritten(t *testing.T) {
	values6 := strings.Repeat("\xfd", 18)
	for _, c := range []struct {
		a    Answer
		want Message
	}{
		{Answer{}, Message{}},
		{Answer{Nodes: b(node4)}, Message{Nodes: b(node4)}},
		{Answer{Nodes: b(""), Nodes6: b(node6 + node6)}, Message{Nodes: b(""), Nodes6: b(node6 + node6)}},
		{Answer{Token: b("tk"), Nodes: b(node4), Values: b("abcdefghijkl"), ValueLen: 6},
			Message{Token: b("tk"), Nodes: b(node4), Values: b("6:abcdef6:ghijkl")}},
		{Answer{Token: b("tk"), Values: b(values6), ValueLen: 18}, Message{Token: b("tk"), Values: b("18:" + values6)}},
		{Answer{Values: b("abcdefghijklm"), ValueLen: 6}, Message{Values: b("6:abcdef6:ghijkl")}},
		{Answer{Values: b("abcdef")}, Message{Values: b("")}},
		{Answer{Samples: b(alice + bob), Num: 2, Interval: 10, Nodes: b(node4)},
			Message{HasSamples: true, Samples: b(alice + bob), Num: 2, Interval: 10, Nodes: b(node4)}},
		{Answer{Samples: b("")}, Message{HasSamples: true, Samples: b("")}},
	} {
		for _, addr := range []netip.AddrPort{{}, external, netip.MustParseAddrPort("[::ffff:198.51.100.7]:40000"), contact6.Addr} {
			packet := AppendReply(nil, idOf(alice), b("aa"), addr, &c.a)
			want := c.want
			want.Kind, want.TID, want.Version, want.Body, want.HasID, want.ID = KindReply, b("aa"), b(Version), true, true, idOf(alice)
			if addr.IsValid() {
				want.External = AppendAddr(nil, addr)
			}
			if got := scan(t, string(packet)); !reflect.DeepEqual(got, want) {
				t.Errorf("%q\ngot  %+v\nwant %+v", packet, got, want)
			}
			agree(t, packet, &want, foreign(t, packet))
		}
	}
}

func TestErrorsAreReadBackAsTheyWereWritten(t *testing.T) {
	for _, addr := range []netip.AddrPort{{}, external, contact6.Addr} {
		packet := AppendError(nil, b("\xff"), addr, CodeProtocol, "invalid port")
		m := scan(t, string(packet))
		if m.Kind != KindError || string(m.TID) != "\xff" || !strings.Contains(m.Err().Error(), `(error 203, "invalid port")`) || m.Invalid != "" {
			t.Errorf("got %+v", m)
		}
		k := foreign(t, packet)
		if e := k.Error(); k.T != "\xff" || e == nil || e.Code != CodeProtocol || e.Msg != "invalid port" {
			t.Errorf("krpc reads %+v", k)
		}
	}
}

func TestAppendingKeepsWhatIsThere(t *testing.T) {
	packet := AppendQuery(b("before"), idOf(alice), b("aa"), false, &Query{Method: Ping})
	packet = AppendReply(packet, idOf(alice), b("aa"), external, &Answer{})
	packet = AppendError(packet, b("aa"), external, CodeServer, "")
	want := "befored1:ad2:id20:" + alice + "e1:q4:ping1:t2:aa1:v4:DT\x00\x011:y1:qe" +
		"d2:ip6:\xc63d\x07\x9c\x401:rd2:id20:" + alice + "e1:t2:aa1:v4:DT\x00\x011:y1:re" +
		"d1:eli202e0:e2:ip6:\xc63d\x07\x9c\x401:t2:aa1:v4:DT\x00\x011:y1:ee"
	if string(packet) != want {
		t.Errorf("got  %q\nwant %q", packet, want)
	}
}
