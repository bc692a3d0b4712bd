package dhtcore

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore/geo"
	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/record"
	"dhtop/dhtcore/wire"
)

// identifying returns all that a Snapshot has of addresses and IDs, as bytes and as text.
func identifying(v reflect.Value, add func(string)) {
	if whole(v.Type()) {
		switch x := v.Interface().(type) {
		case netip.Addr:
			if x.IsValid() {
				add(x.String())
				add(string(x.AsSlice()))
			}
		case netip.AddrPort:
			identifying(reflect.ValueOf(x.Addr()), add)
		case netip.Prefix:
			add(x.String())
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			identifying(v.Elem(), add)
		}
	case reflect.Array, reflect.Slice:
		if v.Type().Elem() == reflect.TypeFor[byte]() {
			b := make([]byte, v.Len())
			reflect.Copy(reflect.ValueOf(b), v)
			if len(b) >= 4 && bytes.Trim(b, "\x00") != nil {
				add(string(b))
				add(hex.EncodeToString(b))
			}
			if len(b) == len(ID{}) {
				add(hex.EncodeToString(b[:4]))
			}
			return
		}
		for i := range v.Len() {
			identifying(v.Index(i), add)
		}
	case reflect.Map:
		for each := v.MapRange(); each.Next(); {
			identifying(each.Key(), add)
			identifying(each.Value(), add)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Tag.Get("record") == "" {
				identifying(v.Field(i), add)
			}
		}
	}
}

// told is a Snapshot with something in every field, whose texts tell of strangers.
func told(t *testing.T) *Snapshot {
	t.Helper()
	n := 70_000
	s := new(Snapshot)
	fill(t, reflect.ValueOf(s).Elem(), &n, 0)
	s.Masked = false
	ids := []ID{s.Nodes[0].ID, s.Lookups[0].Target}
	secret := fmt.Sprintf("%s at %s, [2001:db8:77::1]:6881, %s…, of Some Torrent in /home/alice/x", ids[0], s.Nodes[0].Addr, hex.EncodeToString(ids[1][:3]))
	s.Names = map[ID]string{s.Lookups[0].Target: "Some Torrent"}
	s.Notices = []string{secret}
	for _, events := range [][]Event{s.Events, s.Quiet, s.Warnings} {
		for i := range events {
			events[i].Text = secret
		}
	}
	s.Events[0].Kind, s.Events[0].Text = Named, "Some Torrent"
	s.Checkup.DataDir = "/home/alice/.local/state/dhtop"
	return s
}

func TestAMaskedRecordingHoldsNoAddressAndNoIDThatWasSeen(t *testing.T) {
	s := told(t)
	q := []byte("d1:ad2:id20:" + string(s.Nodes[0].ID[:]) + "9:info_hash20:" + string(s.Lookups[0].Target[:]) + "5:token4:tok!e1:q9:get_peers1:t2:ab1:v4:LT\x02\x081:y1:qe")
	s.Packets.Log[0].Packet = journal.Packet{Seq: 1, Payload: q, Kind: wire.KindQuery, Addr: s.Nodes[0].Addr}
	s.Packets.Log[1].Packet = journal.Packet{Seq: 2, Payload: []byte("no bencode of 2001:db8:77::1"), Addr: s.Nodes[1].Addr}
	m := NewMasker()
	masked := m.Mask(s)
	e, err := record.NewEncoder[Snapshot]()
	if err != nil {
		t.Fatal(err)
	}
	frame, err := e.Base(nil, masked)
	if err != nil {
		t.Fatal(err)
	}
	wanted := map[string]bool{"Some Torrent": true, "alice": true, "2001:db8:77": true, "tok!": true, s.Hashes.Top[0].Name: true, s.Watch.Rows[0].Label: true,
		s.Trackers[onlyKey(s.Trackers)].Known[0]: true, "no bencode": true}
	identifying(reflect.ValueOf(s), func(secret string) { wanted[secret] = true })
	if len(wanted) < 300 {
		t.Errorf("only %d secrets", len(wanted))
	}
	for secret := range wanted {
		if bytes.Contains(frame, []byte(secret)) {
			t.Errorf("it holds %q", secret)
		}
	}
	if !masked.Masked || s.Masked {
		t.Error("it does not say that it is masked")
	}
	if p := masked.Packets.Log[0].Payload; len(p) != len(q) || !bytes.Contains(p, masked.Nodes[0].ID[:]) || !strings.Contains(string(p), "9:get_peers1:t2:ab1:v4:LT\x02\x081:y1:qe") {
		t.Errorf("the packet became %q", p)
	}
	if len(wire.Explain(masked.Packets.Log[0].Payload)) != len(wire.Explain(q)) {
		t.Error("the packet has other fields")
	}
}

func onlyKey[K comparable, V any](m map[K]V) (key K) {
	for key = range m {
		break
	}
	return key
}

func TestAMaskedSnapshotKeepsItsShape(t *testing.T) {
	s := told(t)
	target := s.Lookups[0].Target
	near := target
	near[5] ^= 0x10
	s.Nodes[0].ID = near
	first := netip.MustParseAddr("198.51.100.7")
	s.Nodes[0].Contacts[0].Addr = netip.AddrPortFrom(first, 6881)
	s.Nodes[0].Contacts[1].Addr = netip.AddrPortFrom(netip.MustParseAddr("198.51.100.8"), 6882)
	s.Places = NewPlaces(geo.Given(map[netip.Addr]Place{first: {Country: "DE", City: "Falkenstein", ASN: 24940}}))
	m := NewMasker()
	p := m.Mask(s)
	if got := SharedBits(p.Nodes[0].ID, p.Lookups[0].Target); got != SharedBits(near, target) {
		t.Errorf("%d bits in common, and %d before", got, SharedBits(near, target))
	}
	if !strings.HasPrefix(p.Names[p.Lookups[0].Target], "torrent ") {
		t.Errorf("the name of %s: %v", p.Lookups[0].Target, p.Names)
	}
	a, b := p.Nodes[0].Contacts[0].Addr, p.Nodes[0].Contacts[1].Addr
	if x, _ := a.Addr().Prefix(24); !x.Contains(b.Addr()) || a.Port() != 6881 || b.Port() != 6882 {
		t.Errorf("%s and %s", a, b)
	}
	if got := p.Places.Of(a.Addr()); got != (Place{Country: "DE", ASN: 24940}) {
		t.Errorf("%+v", got)
	}
	if p.Traffic.Stats != s.Traffic.Stats || !p.At.Equal(s.At) || p.Packets.Log[0].Client != s.Packets.Log[0].Client {
		t.Error("numbers have changed")
	}
	if s.Nodes[0].ID != near || s.Notices[0] == p.Notices[0] {
		t.Error("the Snapshot that was seen has changed")
	}
}

func TestWhatTwoSnapshotsShareIsMaskedOnce(t *testing.T) {
	s := told(t)
	m := NewMasker()
	one := m.Mask(s)
	next := *s
	next.At = s.At.Add(time.Second)
	next.Lookups = append([]LookupState{}, s.Lookups...)
	two := m.Mask(&next)
	if &one.Events[0] != &two.Events[0] || one.Packets.Log[0] != two.Packets.Log[0] || &one.Nodes[0] != &two.Nodes[0] {
		t.Error("what has not changed is masked anew")
	}
	if &one.Lookups[0] == &two.Lookups[0] || one.Lookups[0].Target != two.Lookups[0].Target {
		t.Error("equal ones do not stay equal")
	}
	if three := NewMasker().Mask(s); three.Nodes[0].ID == one.Nodes[0].ID {
		t.Error("two recordings have one key")
	}
	if empty := m.Mask(new(Snapshot)); !empty.Masked {
		t.Error("an empty one")
	}
}

func TestNoFieldIsTreatedThatDoesNotExist(t *testing.T) {
	found := map[string]bool{}
	seen := map[reflect.Type]bool{}
	var walk func(reflect.Type)
	walk = func(typ reflect.Type) {
		if seen[typ] || whole(typ) {
			return
		}
		seen[typ] = true
		switch typ.Kind() {
		case reflect.Map:
			walk(typ.Key())
			walk(typ.Elem())
		case reflect.Pointer, reflect.Slice, reflect.Array:
			walk(typ.Elem())
		case reflect.Struct:
			for f := range typ.Fields() {
				found[typ.Name()+"."+f.Name] = true
				walk(f.Type)
			}
		}
	}
	walk(reflect.TypeFor[Snapshot]())
	for name := range treats {
		if !found[name] {
			t.Errorf("there is no %s", name)
		}
	}
}
