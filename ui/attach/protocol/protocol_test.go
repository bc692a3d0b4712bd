package protocol

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"

	"dhtop/dhtcore"
)

func TestMessagesComeBack(t *testing.T) {
	var wire bytes.Buffer
	w, err := NewStreamWriter(&wire)
	if err != nil {
		t.Fatal(err)
	}
	result, err := Encode(Cells{3: {Asked: 7}})
	if err != nil {
		t.Fatal(err)
	}
	sent := []*Message{
		{Hello: &Hello{Protocol: 1, Dhtop: "1.0", ReadOnly: "so"}},
		{Picture: &Picture{Number: 1, Base: true, Shared: bytes.Repeat([]byte("abc"), 1<<20), First: 3, Last: 4}},
		{Answer: &Answer{ID: 1 << 40, Error: "no", Result: result}},
	}
	for _, m := range sent {
		before := wire.Len()
		if err := w.Write(m); err != nil || wire.Len() == before {
			t.Fatal(err) // each leaves at once
		}
	}
	r, err := NewStreamReader(&wire)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for _, m := range sent {
		got, err := r.Read()
		if err != nil || !reflect.DeepEqual(got, m) {
			t.Errorf("%+v, %v", got, err)
		}
	}
	if _, err := r.Read(); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error(err)
	}
}

func TestRequestsComeBack(t *testing.T) {
	view := View{Order: dhtcore.Order{Column: dhtcore.BySources, Ascending: true, Window: dhtcore.LastHour, Related: true},
		Swarms: dhtcore.SwarmOrder{Column: dhtcore.SwarmsByRate}, SwarmFilter: "seeders>3", Hash: dhtcore.ID{1}, Packets: true, PacketFilter: "in ünïcode"}
	b, err := Look.NewRequest(3, view)
	if err != nil {
		t.Fatal(err)
	}
	var r Request
	if err := Decode(b, &r); err != nil || r.ID != 3 || r.Op != "look" {
		t.Fatalf("%+v, %v", r, err)
	}
	if got, err := Look.Args(&r); err != nil || got != view {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := SetCrawl.Args(&r); !errors.Is(err, ErrMessage) {
		t.Errorf("it is taken for another: %v", err)
	}
}

func TestAnOpHasOneNameAndCommandsAreMarked(t *testing.T) {
	for name, command := range map[string]bool{Look.Name: Look.Command, Past.Name: Past.Command, StartLookup.Name: !StartLookup.Command, Note.Name: !Note.Command} {
		if command || name == "" || strings.ToLower(name) != name {
			t.Errorf("%q", name)
		}
	}
}

func FuzzRequest(f *testing.F) {
	for _, say := range []func() ([]byte, error){
		func() ([]byte, error) { return Look.NewRequest(1, View{PacketFilter: "in"}) },
		func() ([]byte, error) { return StartPing.NewRequest(2, PingArgs{Times: 3}) },
		func() ([]byte, error) { return LearnTorrent.NewRequest(3, TorrentArgs{Hashes: []dhtcore.ID{{1}}}) },
		func() ([]byte, error) { return SetConditions.NewRequest(4, dhtcore.Conditions{Loss: 0.1}) },
	} {
		b, err := say()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(_ *testing.T, b []byte) {
		var r Request
		if Decode(b, &r) != nil {
			return
		}
		Greet.Args(&r)         //nolint:errcheck // it must not panic
		Look.Args(&r)          //nolint:errcheck // as above
		Take.Args(&r)          //nolint:errcheck // as above
		StartPing.Args(&r)     //nolint:errcheck // as above
		LearnTorrent.Args(&r)  //nolint:errcheck // as above
		SetConditions.Args(&r) //nolint:errcheck // as above
		BeginIncident.Args(&r) //nolint:errcheck // as above
	})
}

func FuzzStream(f *testing.F) {
	var wire bytes.Buffer
	w, err := NewStreamWriter(&wire)
	if err != nil {
		f.Fatal(err)
	}
	for _, m := range []*Message{{Hello: &Hello{Dhtop: "1.0"}}, {Picture: &Picture{Shared: []byte{0xa0}}}} {
		if err := w.Write(m); err != nil {
			f.Fatal(err)
		}
		f.Add(bytes.Clone(wire.Bytes()))
	}
	f.Fuzz(func(_ *testing.T, b []byte) {
		r, err := NewStreamReader(bytes.NewReader(b))
		if err != nil {
			return
		}
		defer r.Close()
		for range 10 {
			if _, err := r.Read(); err != nil {
				return
			}
		}
	})
}
