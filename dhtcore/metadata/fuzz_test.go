package metadata

import (
	"bytes"
	"context"
	"crypto/sha1"
	"errors"
	"io"
	"testing"

	"github.com/anacrolix/torrent/bencode"

	"dhtop/dhtcore/printable"
)

func FuzzParse(f *testing.F) {
	f.Add([]byte(torrent("a.iso", "6:lengthi12345e7:privatei1e")))
	f.Add([]byte(torrent("books", "5:filesld6:lengthi1e4:pathl1:a1:beed6:lengthi2e4:pathl5:c.txteee")))
	f.Add([]byte(torrent("h", "9:file treed1:ad0:d6:lengthi5eeee5:filesld4:attr1:p6:lengthi5e4:pathl1:ae10:path.utf-8leee12:meta versioni2e")))
	f.Add([]byte(v2("1:ad1:bd0:d6:lengthi16384eeee1:zd0:d6:lengthi1eee")))
	f.Add([]byte("d1:allllllleeeeeeee"))
	f.Fuzz(func(t *testing.T, dict []byte) {
		info, err := Parse(dict)
		whole, wellFormed := decode(dict)
		if err != nil {
			if !isInfo(whole) || !wellFormed {
				return
			}
			t.Fatalf("%q: %v", dict, err)
		}
		if !harmless(info.Name) || info.Name == "" || info.Size < 0 || info.Pieces < 0 || info.PieceLength <= 0 ||
			len(info.Files) != min(info.FileCount, MaxFiles) {
			t.Errorf("%q: %+v", dict, info)
		}
		for _, file := range info.Files {
			if !harmless(file.Path) || file.Length < 0 {
				t.Errorf("%q: %+v", dict, file)
			}
		}
		if _, has := whole["name.utf-8"]; wellFormed && !has && bytes.Count(dict, []byte("4:name")) == 1 {
			if want := printable.Cut([]byte(whole["name"].(string)), maxText); info.Name != want {
				t.Errorf("%q: the name is %q, want %q", dict, info.Name, want)
			}
		}
	})
}

// decode is bencode.Unmarshal without its panics.
func decode(dict []byte) (whole map[string]any, ok bool) {
	defer func() { recover() }() //nolint:errcheck // ok stays false
	err := bencode.Unmarshal(dict, &whole)
	return whole, err == nil
}

// isInfo tells a dictionary of a single file that nothing can be said against.
func isInfo(whole map[string]any) bool {
	name, _ := whole["name"].(string)
	length, _ := whole["length"].(int64)
	pieceLength, _ := whole["piece length"].(int64)
	pieces, _ := whole["pieces"].(string)
	_, several := whole["files"]
	_, utf8 := whole["name.utf-8"]
	return !several && !utf8 && printable.Cut([]byte(name), maxText) != "" && length > 0 && pieceLength > 0 && len(pieces) > 0 && len(pieces)%20 == 0
}

// exchange is a connection of which one direction is given and the other kept.
type exchange struct {
	io.Reader
	bytes.Buffer
}

func (e *exchange) Read(b []byte) (int, error)  { return e.Reader.Read(b) }
func (e *exchange) Write(b []byte) (int, error) { return e.Buffer.Write(b) }

// session is what a Serve of dict says after its handshake to somebody who asks for every piece.
func session(t interface{ Fatal(...any) }, dict []byte) (asked, said []byte) {
	var in, out bytes.Buffer
	if err := writeExtendedHandshake(&in, 0); err != nil {
		t.Fatal(err)
	}
	for piece := range (len(dict) + pieceSize - 1) / pieceSize {
		if err := writeMetadata(&in, ourID, metadataMessage{kind: requestKind, piece: int64(piece)}); err != nil {
			t.Fatal(err)
		}
	}
	asked = in.Bytes()
	if err := writeExtendedHandshake(&out, len(dict)); err != nil {
		t.Fatal(err)
	}
	e := &exchange{Reader: bytes.NewReader(asked)}
	if err := answerRequests(e, dict); !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	return asked, append(out.Bytes(), e.Buffer.Bytes()...)
}

// downloaded is what a download from rw gets.
func downloaded(rw io.ReadWriter, hash [20]byte) ([]byte, error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	d := download{rw: rw, messages: make(chan message), progress: func(int) {}, window: pipelined}
	go read(ctx, rw, d.messages)
	return d.fetch(hash)
}

// FuzzDownload takes anything for what a peer says after the handshake.
func FuzzDownload(f *testing.F) {
	dict := dictOf("fuzz", 100) // the fuzzer is at a loss with input of whole pieces
	_, said := session(f, dict)
	hash := sha1.Sum(dict)
	if got, err := downloaded(&exchange{Reader: bytes.NewReader(said)}, hash); err != nil || !bytes.Equal(got, dict) {
		f.Fatalf("the true session: %v", err)
	}
	f.Add(said)
	f.Add(said[:120])
	f.Add(append([]byte{0, 0, 0, 0, 0, 0, 0, 2, 5, 255}, said...))
	f.Add([]byte("\x00\x00\x00\x2d\x14\x00d1:md11:ut_metadatai3ee13:metadata_sizei40000ee\x00\x00\x00\x1b\x14\x01d8:msg_typei2e5:piecei0ee"))
	f.Fuzz(func(t *testing.T, said []byte) {
		e := &exchange{Reader: bytes.NewReader(said)}
		if got, err := downloaded(e, hash); err == nil && !bytes.Equal(got, dict) {
			t.Errorf("%q was taken for the metadata", got)
		}
		if e.Buffer.Len() > 200+100*MaxSize/pieceSize {
			t.Errorf("%d bytes of requests", e.Buffer.Len())
		}
	})
}

// FuzzServe takes anything for what somebody asks after the handshake.
func FuzzServe(f *testing.F) {
	dict := dictOf("fuzz", 100) // the fuzzer is at a loss with input of whole pieces
	asked, _ := session(f, dict)
	f.Add(asked)
	f.Add([]byte("\x00\x00\x00\x1c\x14\x00d1:md11:ut_metadatai255eee\x00\x00\x00\x1c\x14\x01d8:msg_typei0e5:piecei-1ee"))
	f.Fuzz(func(t *testing.T, asked []byte) {
		e := &exchange{Reader: bytes.NewReader(asked)}
		answerRequests(e, dict) //nolint:errcheck // only what is sent counts
		if e.Buffer.Len() > maxServed*(len(dict)+100) {
			t.Errorf("%d bytes of answers", e.Buffer.Len())
		}
	})
}
