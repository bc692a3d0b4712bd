package wire

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"reflect"
	"strings"
	"testing"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The test vectors in the text of BEP 44.
const (
	vectorValue = "12:Hello World!"
	vectorKey   = "77ff84905a91936367c01360803104f92432fcd904a43511876df5cdf3e7e548"
	vectorSig1  = "305ac8aeb6c9c151fa120f120ea2cfb923564e11552d06a5d856091e5e853cff1260d3f39e4999684aa92eb73ffd136e6f4f3ecbfda0ce53a1608ecd7ae21f01"
	vectorSig2  = "6834284b6b24c3204eb2fea824d82f88883a3d95e8b4a21b8c0ded553d17d17ddf9a8a7104b1258f30bed3787e6cb896fca78c58f8e03b5f18f14951a87d9a08"
)

var itemVectors = []struct{ name, key, salt, sig, target string }{
	{"mutable", vectorKey, "", vectorSig1, "4a533d47ec9c7d95b1ad75f576cffc641853b750"},
	{"mutable with salt", vectorKey, "foobar", vectorSig2, "411eba73b6f087ca51a3795d9c8c938d365e32c1"},
	{"immutable", "", "", "", "e5f96f6f38320f0f33959cb4d3d656452117aadb"},
}

func TestTheItemsOfBEP44HaveTheirTargetsAndSignatures(t *testing.T) {
	for _, v := range itemVectors {
		it := Item{Value: b(vectorValue), Salt: b(v.salt)}
		if v.key != "" {
			it.Key, it.Sig, it.Seq, it.HasSeq = unhex(t, v.key), unhex(t, v.sig), 1, true
		}
		if got := it.Target().String(); got != v.target {
			t.Errorf("%s: target %s, want %s", v.name, got, v.target)
		}
		if err := it.Check(); err != nil {
			t.Errorf("%s: %v", v.name, err)
		}
	}
}

// signed returns an item of a fixed key, changed before and after it is signed.
func signed(before, after func(*Item)) *Item {
	it := &Item{Value: b("5:value"), Salt: b("salt"), Seq: 7}
	before(it)
	it.Sign(ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))
	after(it)
	return it
}

func asIs(*Item) {}

func TestCheckNamesWhatIsWrongWithAnItem(t *testing.T) {
	long := func(n int) func(*Item) { return func(it *Item) { it.Value = b(bstr(strings.Repeat("x", n))) } }
	salted := func(n int) func(*Item) { return func(it *Item) { it.Salt = bytes.Repeat(b("s"), n) } }
	for _, c := range []struct {
		name string
		it   *Item
		code int
	}{
		{"as signed", signed(asIs, asIs), 0},
		{"without salt", signed(func(it *Item) { it.Salt = nil }, asIs), 0},
		{"of sequence number 0", signed(func(it *Item) { it.Seq = 0 }, asIs), 0},
		{"of 1,000 bytes", signed(long(996), asIs), 0},
		{"of 1,001 bytes", signed(long(997), asIs), CodeValueTooBig},
		{"immutable, of 1,000 bytes", &Item{Value: b(bstr(strings.Repeat("x", 996)))}, 0},
		{"immutable, of 1,001 bytes", &Item{Value: make([]byte, 1001)}, CodeValueTooBig},
		{"a salt of 64 bytes", signed(salted(64), asIs), 0},
		{"a salt of 65 bytes", signed(salted(65), asIs), CodeSaltTooBig},
		{"no value", &Item{}, CodeProtocol},
		{"no sequence number", signed(asIs, func(it *Item) { it.HasSeq = false }), CodeProtocol},
		{"a negative sequence number", signed(func(it *Item) { it.Seq = -1 }, asIs), CodeProtocol},
		{"a short key", signed(asIs, func(it *Item) { it.Key = it.Key[:31] }), CodeProtocol},
		{"no signature", signed(asIs, func(it *Item) { it.Sig = nil }), CodeSignature},
		{"another signature", signed(asIs, func(it *Item) { it.Sig[5] ^= 1 }), CodeSignature},
		{"another value", signed(asIs, func(it *Item) { it.Value = b("5:valuf") }), CodeSignature},
		{"another salt", signed(asIs, func(it *Item) { it.Salt = b("sals") }), CodeSignature},
		{"another sequence number", signed(asIs, func(it *Item) { it.Seq++ }), CodeSignature},
		{"another key", signed(asIs, func(it *Item) { it.Key[0] ^= 1 }), CodeSignature},
	} {
		var e *Error
		if err := c.it.Check(); (err == nil) != (c.code == 0) || err != nil && (!errors.As(err, &e) || e.Code != c.code) {
			t.Errorf("%s: %v, want code %d", c.name, err, c.code)
		}
	}
}

func TestPutsAndGetsAreReadBackAsTheyWereWritten(t *testing.T) {
	immutable := &Item{Value: b("d1:ali1e1:bee")}
	for _, c := range []struct {
		q    Query
		want Item
	}{
		{Query{Method: Get, Target: idOf(bob)}, Item{}},
		{Query{Method: Get, Target: idOf(bob), Want: WantNodes6, Item: &Item{}}, Item{}},
		{Query{Method: Get, Target: idOf(bob), Item: &Item{Seq: 7, HasSeq: true}}, Item{Seq: 7, HasSeq: true}},
		{Query{Method: Put, Token: b("tk"), Item: immutable}, *immutable},
		{Query{Method: Put, Token: b("tk"), Item: signed(asIs, asIs)}, *signed(asIs, asIs)},
		{Query{Method: Put, Token: b("tk"), Item: signed(func(it *Item) { it.Salt, it.CAS, it.HasCAS = nil, 6, true }, asIs)},
			*signed(func(it *Item) { it.Salt, it.CAS, it.HasCAS = nil, 6, true }, asIs)},
	} {
		packet := AppendQuery(nil, idOf(alice), b("aa"), true, &c.q)
		m := scan(t, string(packet))
		if m.Method != c.q.Method || m.ID != idOf(alice) || m.Target != c.q.Target || string(m.Token) != string(c.q.Token) || m.Want != c.q.Want || !m.ReadOnly {
			t.Errorf("%q: %+v", packet, m)
		}
		if got := m.ScanItem(); !reflect.DeepEqual(got, c.want) || m.Invalid != "" {
			t.Errorf("%q\ngot  %+v, invalid %q\nwant %+v", packet, got, m.Invalid, c.want)
		}
		agree(t, packet, &m, foreign(t, packet))
	}
}

func TestAnItemInAReplyIsACopyOfItsExactBytes(t *testing.T) {
	whole := signed(func(it *Item) { it.Value, it.Salt = b("d1:zi-0e1:ai007ee"), nil }, asIs) // no canonical bencode
	news := Item{Seq: 7, HasSeq: true}
	for _, it := range []*Item{whole, {Value: b("0:")}, &news} {
		packet := AppendReply(nil, idOf(alice), b("aa"), external, &Answer{Token: b("tk"), Nodes: b(node4), Item: it})
		var m Message
		if err := Scan(packet, &m); err != nil {
			t.Fatalf("%q: %v", packet, err)
		}
		r := m.Reply(external, 0)
		for i := range packet {
			packet[i] = 'x'
		}
		if r.Item == nil || !reflect.DeepEqual(*r.Item, *it) || string(r.Token) != "tk" || len(r.Nodes) != 1 {
			t.Errorf("got  %+v\nwant %+v", r.Item, it)
		}
	}
	m := scan(t, reply("1:pi6881e"))
	if r := m.Reply(external, 0); r.Item != nil || r.SeedFilter != nil || r.PeerFilter != nil {
		t.Errorf("a reply without an item: %+v", r)
	}
	m = scan(t, reply("1:k3:abc1:v1:x"))
	if r := m.Reply(external, 0); r.Item != nil {
		t.Errorf("an item with a key of 3 bytes: %+v", r.Item)
	}
}

func TestAnItemsFieldOfTheWrongTypeIsNamed(t *testing.T) {
	for key, values := range map[string][]string{
		"k": {"i1e", "le", "31:" + strings.Repeat("k", 31), "33:" + strings.Repeat("k", 33)}, "sig": {"i1e", "0:", "63:" + strings.Repeat("s", 63)},
		"salt": {"i1e", "le"}, "seq": {"1:1", "de"}, "cas": {"1:1", "le"},
	} {
		for _, v := range values {
			m := scan(t, put(bstr(key)+v))
			if m.ScanItem(); m.Invalid != key {
				t.Errorf("%s of %q: invalid %q", key, v, m.Invalid)
			}
		}
	}
}

func FuzzScanItem(f *testing.F) {
	f.Add([]byte("2:id20:" + alice + "1:v0:"))
	for _, it := range []*Item{signed(asIs, asIs), {Value: b("li1eli2eee")}, signed(func(it *Item) { it.HasCAS = true }, asIs)} {
		packet := appendPut(nil, idOf(alice), b("token"), it)
		f.Add(packet)
	}
	f.Fuzz(func(t *testing.T, arguments []byte) {
		packet := append(append([]byte("d1:ad"), arguments...), "e1:q3:put1:t2:aa1:y1:qe"...)
		var m Message
		if Scan(packet, &m) != nil {
			return
		}
		it := m.ScanItem()
		for name, s := range map[string][]byte{"v": it.Value, "k": it.Key, "salt": it.Salt, "sig": it.Sig} {
			if !within(s, packet) || cap(s) != len(s) {
				t.Errorf("%s is %q with room for %d, not a part of %q", name, s, cap(s), packet)
			}
		}
		if m.Invalid != "" || it.Value == nil {
			return
		}
		it.Check() //nolint:errcheck // whatever it says, it says it without a panic
		if len(it.Salt) == 0 {
			it.Salt = nil // the same, and not written
		}
		var again Message
		packet = AppendQuery(nil, m.ID, m.TID, false, &Query{Method: Put, Token: m.Token, Item: &it})
		if err := Scan(packet, &again); err != nil {
			t.Fatalf("%q: %v", packet, err)
		}
		if got := again.ScanItem(); !reflect.DeepEqual(got, it) || got.Target() != it.Target() {
			t.Errorf("%q\ngot  %+v\nwant %+v", packet, got, it)
		}
	})
}
