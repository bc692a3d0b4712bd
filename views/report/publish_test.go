package report

import (
	"bytes"
	"errors"
	"io"
	"net/netip"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/wire"
)

var immutable = dhtcore.Item{Value: []byte("6:\x1b[2Jab")}

// pointer is a mutable item that points to a torrent. Its signature is of no concern here.
var pointer = dhtcore.Item{
	Value: append(append([]byte("d2:ih20:"), make([]byte, 20)...), 'e'),
	Key:   bytes.Repeat([]byte{0xc0}, 32), Sig: bytes.Repeat([]byte{0x51}, 64), Salt: []byte("s\xff"), Seq: 3, HasSeq: true,
}

// stored is a lookup whose finding was stored at one node and refused by two.
var stored = dhtcore.LookupState{
	Target: id(0xab), Elapsed: 80 * time.Millisecond, Queries: 12,
	Round: dhtcore.Round{Asked: 11, Replied: 10, TimedOut: 1},
	Stored: []dhtcore.Receipt{
		{Contact: wire.Contact{ID: id(0xab, 1), Addr: addr("203.0.113.7:6881")}},
		{Contact: wire.Contact{ID: id(0xab, 2), Addr: addr("[2001:db8::2]:1")}, Err: &wire.Error{Code: 203, Text: "bad \"token\"\x1b"}},
		{Contact: wire.Contact{ID: id(0xab, 3), Addr: addr("203.0.113.9:1")}, Err: errors.New("no answer")},
	},
}

// got is a lookup that found it.
func got(it *dhtcore.Item) *dhtcore.LookupState {
	l := stored
	l.Item = it
	if it != nil {
		l.ItemFrom = []wire.Contact{{ID: id(0xab, 1), Addr: addr("203.0.113.7:6881")}}
	}
	return &l
}

type document interface {
	WritePlain(w io.Writer) error
	WriteCSV(w io.Writer) error
}

func TestWhatIsPublishedAndGot(t *testing.T) {
	for name, o := range map[string]Options{"publish": {}, "publish-masked": {MaskAddrs: true}} {
		a, implied := NewAnnounce(&stored, &dhtcore.Torrent{}, 6881, true, o), NewAnnounce(&dhtcore.LookupState{}, &dhtcore.Torrent{}, 0, false, o)
		put, putMutable := NewPut(&stored, &immutable, o), NewPut(&stored, &pointer, o)
		none, one, mutable := NewGet(got(nil), o), NewGet(got(&immutable), o), NewGet(got(&pointer), o)
		var j, plain, csv bytes.Buffer
		for _, d := range []document{&a, &implied, &put, &putMutable, &none, &one, &mutable} {
			if err := errors.Join(WriteJSON(&j, d), d.WritePlain(&plain), d.WriteCSV(&csv)); err != nil {
				t.Fatal(err)
			}
		}
		golden(t, name+".json", j.Bytes())
		golden(t, name+".plain", plain.Bytes())
		golden(t, name+".csv", csv.Bytes())
	}
}

func TestTheStepsOfALookupSayWhoToldOfWhom(t *testing.T) {
	var b bytes.Buffer
	if err := WriteJSON(&b, NewLookup(&found, Options{Steps: true}).Steps); err != nil {
		t.Fatal(err)
	}
	golden(t, "steps.json", b.Bytes())
}

func TestAPeerIsToldAsSoonAsItIsFound(t *testing.T) {
	var b bytes.Buffer
	if err := WriteNDJSON(&b, NewFoundPeer(id(0xab), found.Peers[0], Options{})); err != nil {
		t.Fatal(err)
	}
	want := `{"kind":"peer","info_hash":"ab00000000000000000000000000000000000000","addr":"203.0.113.7:6881",` +
		`"from":["198.51.100.1:6881","[2001:db8:1:2::1]:7000"],"found_ms":1}` + "\n"
	if b.String() != want {
		t.Errorf("%s, want %s", b.String(), want)
	}
}

func TestTheTorrentBehindALookup(t *testing.T) {
	l, fails := NewLookup(&found, Options{}), NewLookup(&found, Options{})
	info := dhtcore.MetadataInfo{Name: "a <b>", Size: 30, PieceLength: 16384, Pieces: 1, FileCount: 2}
	info.Files = append(info.Files, struct {
		Path   string
		Length int64
	}{"c/d", 20})
	l.SetTorrent(&info, nil, Options{})
	fails.SetTorrent(&info, errors.New("nobody told"), Options{})
	var j, p bytes.Buffer
	err := errors.Join(WriteNDJSON(&j, struct {
		Name    *string
		Torrent *Torrent
	}{l.Name, l.Torrent}), WriteTorrent(&p, &info, nil, Options{}), WriteTorrent(&p, nil, errors.New("nobody told"), Options{}))
	want := `{"Name":"a <b>","Torrent":{"size":30,"piece_length":16384,"pieces":1,"private":false,"file_count":2,"files":[{"path":"c/d","length":20}]}}` + "\n"
	if err != nil || j.String() != want {
		t.Errorf("%v: %s, want %s", err, j.String(), want)
	}
	if want := "# name: a <b>\n# 30 bytes in 2 files, 1 piece of 16384 bytes\n# no name: nobody told\n"; p.String() != want {
		t.Errorf("%s, want %s", p.String(), want)
	}
	if fails.Name != nil || fails.Torrent != nil || *fails.NameError != "nobody told" {
		t.Errorf("%+v", fails)
	}
}

func TestAPutSaysUnderWhichAddressOthersSeeUs(t *testing.T) {
	ours := []dhtcore.Vantage{{External: netip.MustParseAddrPort("203.0.113.7:6881")}, {}}
	for options, want := range map[Options]string{{}: "# others see us as 203.0.113.7:6881\n", {MaskAddrs: true}: "# others see us as 203.0.113.0/24\n"} {
		var p Put
		p.SetExternal(ours, options)
		var b strings.Builder
		if err := p.writeExternal(&b); err != nil || b.String() != want {
			t.Errorf("%q, %v; want %q", b.String(), err, want)
		}
	}
	var b strings.Builder
	if err := new(Storing).writeExternal(&b); err != nil || b.Len() > 0 {
		t.Errorf("without an address: %q, %v", b.String(), err)
	}
}
