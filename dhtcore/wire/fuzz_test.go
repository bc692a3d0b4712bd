package wire

import (
	"bytes"
	"net/netip"
	"testing"
	"time"
	"unsafe"

	"github.com/anacrolix/dht/v2/krpc"
	"github.com/anacrolix/torrent/bencode"
)

func seed(f *testing.F) {
	for _, v := range vectors {
		f.Add([]byte(v.packet))
	}
	f.Add([]byte(shuffled))
	for _, w := range wrong {
		f.Add([]byte(w.where(bstr(w.key) + w.values[0])))
	}
	for _, it := range []*Item{signed(asIs, asIs), {Value: []byte("d1:ali1eee")}, {Seq: 7, HasSeq: true}} {
		f.Add(AppendQuery(nil, idOf(alice), []byte("aa"), false, &Query{Method: Put, Token: []byte("tk"), Item: it}))
		f.Add(AppendQuery(nil, idOf(alice), []byte("aa"), false, &Query{Method: Get, Item: it}))
		f.Add(AppendReply(nil, idOf(alice), []byte("aa"), external, &Answer{Token: []byte("tk"), Item: it}))
	}
	filter := make([]byte, FilterLen)
	f.Add(AppendReply(nil, idOf(alice), []byte("aa"), external, &Answer{SeedFilter: filter, PeerFilter: filter}))
}

func FuzzScan(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, packet []byte) {
		// Room behind the packet shows a slice that could grow into what follows it in the buffer.
		buffer := append(bytes.Clone(packet), "what follows"...)
		packet = buffer[:len(packet)]
		var m Message
		if Scan(packet, &m) != nil {
			return
		}
		for name, s := range map[string][]byte{
			"q": m.Name, "t": m.TID, "v": m.Version, "ip": m.External, "token": m.Token, "nodes": m.Nodes,
			"nodes6": m.Nodes6, "values": m.Values, "samples": m.Samples, "rest": m.Rest, "e": m.Text,
		} {
			if !within(s, packet) || cap(s) != len(s) {
				t.Errorf("%s is %q with room for %d, not a part of %q", name, s, cap(s), packet)
			}
		}
		r := m.Reply(netip.AddrPort{}, 0)
		if r.Num < 0 || r.Interval < 0 || r.Interval > 6*time.Hour {
			t.Errorf("%q: num %d, interval %s", packet, r.Num, r.Interval)
		}
		for _, p := range r.Peers {
			if !p.IsValid() || p.Port() == 0 {
				t.Errorf("%q: peer %s", packet, p)
			}
		}
		if name := ClientName(r.Version); len([]rune(name)) > 24 {
			t.Errorf("%q is the long name of %q", name, r.Version)
		}
		_ = m.Err()
		if it := m.ScanItem(); m.LeftOut() < 0 || it.Value != nil && len(it.Value) < 2 {
			t.Errorf("%q: value %q", packet, it.Value)
		}
	})
}

// within reports whether s lies in the memory of whole.
func within(s, whole []byte) bool {
	if len(s) == 0 {
		return true
	}
	from := uintptr(unsafe.Pointer(unsafe.SliceData(s))) - uintptr(unsafe.Pointer(unsafe.SliceData(whole)))
	return from <= uintptr(len(whole)) && from+uintptr(len(s)) <= uintptr(len(whole))
}

func FuzzScanAgreesWithKRPC(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, packet []byte) {
		var m Message
		err := Scan(packet, &m)
		if whole, ok := decode[any](packet); ok && (err == nil) != isDict(whole) && depth(whole) <= maxDepth {
			t.Fatalf("%q: Scan says %v of well-formed bencode", packet, err)
		}
		k, ok := decode[krpc.Msg](packet)
		if !ok || err != nil || m.Invalid != "" || m.LeftOut() > 0 || bytes.Contains(packet, []byte("i-0e")) {
			return
		}
		agree(t, packet, &m, k)
	})
}

// decode is bencode.Unmarshal without its panics: krpc's decoder dies of a value of one byte.
func decode[T any](packet []byte) (v T, ok bool) {
	defer func() { recover() }() //nolint:errcheck // ok stays false
	err := bencode.Unmarshal(packet, &v)
	return v, err == nil
}

func isDict(v any) bool { _, ok := v.(map[string]any); return ok }

// depth is how deep v nests, 0 for a string or an integer and for a dictionary of them.
func depth(v any) int {
	deepest := -1
	switch v := v.(type) {
	case map[string]any:
		for _, x := range v {
			deepest = max(deepest, depth(x))
		}
	case []any:
		for _, x := range v {
			deepest = max(deepest, depth(x))
		}
	default:
		return -1
	}
	return deepest + 1
}

// FuzzCanonical compares with anacrolix's encoder: what is canonical is what comes out again when it is decoded.
func FuzzCanonical(f *testing.F) {
	for _, v := range []string{"0:", "i-7e", "i03e", "d1:bi1e1:ai2ee", "d1:ai1e1:bi2ee", "ld0:leee", "01:x", "di1ei2ee"} {
		f.Add([]byte(v))
	}
	f.Fuzz(func(t *testing.T, value []byte) {
		v, ok := decode[any](value)
		if !canonical(value) || !ok {
			return
		}
		if again, err := bencode.Marshal(v); err == nil && !bytes.Equal(again, value) {
			t.Errorf("%q is said to be canonical, and comes out as %q", value, again)
		}
	})
}
