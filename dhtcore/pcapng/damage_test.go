package pcapng

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

func TestWhatIsCutOffKeepsItsSize(t *testing.T) {
	frame := ipPacket(t, v4())
	got, counts := read(t, classic(binary.LittleEndian, magicMicro, linkRaw, frame[:60]))
	if len(got) != 1 || got[0].Size != v4().Size || len(got[0].Payload) != 60-28 {
		t.Errorf("%+v %+v", got, counts)
	}
}

func TestDamageCostsWhatItHits(t *testing.T) {
	var many []Datagram
	for i := range 200 {
		d := samples()[1]
		d.At = began.Add(time.Duration(i) * time.Second)
		many = append(many, d)
	}
	ng := capture(t, many)
	var frames [][]byte
	for range 200 {
		frames = append(frames, ipPacket(t, v4()))
	}
	old := classic(binary.BigEndian, magicNano, linkRaw, frames...)
	for name, file := range map[string][]byte{"pcapng": ng, "pcap": old} {
		size := len(file) / 200
		for what, damage := range map[string]func(b []byte) []byte{
			"overwritten": func(b []byte) []byte { copy(b[len(b)/2:], strings.Repeat("\xa5", size)); return b },
			"zeros":       func(b []byte) []byte { copy(b[len(b)/2:], make([]byte, 2*size)); return b },
			"missing":     func(b []byte) []byte { return append(b[:len(b)/2], b[len(b)/2+size+3:]...) },
		} {
			got, counts := read(t, damage(bytes.Clone(file)))
			if len(got) < 195 || counts.Gaps != 1 || counts.Truncated {
				t.Errorf("%s, %s: %d datagrams, %+v", name, what, len(got), counts)
			}
		}
		for _, cut := range []int{1, 3, 7, 50} {
			got, counts := read(t, file[:len(file)-cut])
			if len(got) != 199 || !counts.Truncated || counts.Gaps > 0 {
				t.Errorf("%s, without its last %d bytes: %d datagrams, %+v", name, cut, len(got), counts)
			}
		}
		got, counts := read(t, append(bytes.Clone(file), make([]byte, 4096)...))
		if len(got) != 200 {
			t.Errorf("%s, with zeros at its end: %d datagrams, %+v", name, len(got), counts)
		}
	}
}

func TestOtherFilesAreNoCaptures(t *testing.T) {
	for _, file := range []string{"", "d1", "d8:announce3:urle", "\x0a\x0d\x0d\x0a\x1c\x00\x00\x00????", "\xd4\xc3\xb2\xa1", "\x1f\x8b\x08", strings.Repeat("x", 100)} {
		if _, err := NewReader(strings.NewReader(file)); !errors.Is(err, ErrNoCapture) {
			t.Errorf("%q: %v", file, err)
		}
	}
}

func TestAnErrorOfTheFileIsHandedOn(t *testing.T) {
	broken := errors.New("the disk is gone")
	r, err := NewReader(io.MultiReader(bytes.NewReader(capture(t, samples())), failing{broken}))
	if err != nil {
		t.Fatal(err)
	}
	for range 6 {
		if _, err := r.Next(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.Next(); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
