package admission

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

func TestTheFileOfTheRegisterIsCompactedWhenItIsTwiceAsLongAsNeeded(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, FileName)
	if err := os.WriteFile(path, []byte("# mine\n"), 0o640); err != nil {
		t.Fatal(err)
	}
	r := register(t, dir)
	size := func() int {
		content, err := os.ReadFile(path)
		if err != nil || !bytes.Contains(content, []byte("# mine\n")) {
			t.Fatalf("%v, or the comment is gone", err)
		}
		return len(content)
	}
	many := make([]RegisteredTorrent, 400)
	for i := range many {
		many[i] = RegisteredTorrent{Hashes: []wire.ID{{1, byte(i), byte(i >> 8)}}, Name: "first", Added: time.Unix(1000, 0)}
	}
	taken, ofTaker := wire.ID{2}, wire.ID{3} // the torrent of ofTaker takes a hash of another one over
	hybrid := RegisteredTorrent{Hashes: []wire.ID{taken, {4}}, Added: time.Unix(900, 0)}
	for _, add := range []RegisteredTorrent{{Hashes: []wire.ID{ofTaker}, Added: time.Unix(900, 0)}, hybrid, {Hashes: []wire.ID{ofTaker, taken}, Name: "taker"}} {
		if _, _, err := r.Add(add); err != nil {
			t.Fatal(err)
		}
	}
	largest := 0
	for round := range 10 {
		for i := range many {
			many[i].Name = fmt.Sprint("round ", round)
		}
		if err := r.AddAll(many); err != nil {
			t.Fatal(err)
		}
		largest = max(largest, size())
	}
	one := size() // what is there now
	if largest > 5*34_000 || one < 30_000 {
		t.Errorf("it grew to %d bytes, and has %d", largest, one)
	}
	check := func(r *Register) {
		t.Helper()
		if n, _ := r.Latest(0); n != 402 || r.Get(many[7].Hashes[0]).Name != "round 9" || r.Get(taken) != r.Get(ofTaker) || r.Get(wire.ID{4}) == nil || r.Get(taken).Name != "taker" {
			t.Errorf("%d torrents, %+v", n, r.Get(taken))
		}
	}
	check(r)
	check(register(t, dir))

	// One that was written by an older dhtop is compacted when it is opened; one with a line that nobody can read never is.
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	old := bytes.Repeat(content, 4)
	if err := os.WriteFile(path, old, 0o640); err != nil {
		t.Fatal(err)
	}
	check(register(t, dir))
	if n := size(); n > len(old)/2 {
		t.Errorf("it has %d bytes of %d when it was opened", n, len(old))
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("its mode is %v, %v", info.Mode(), err)
	}
	odd := append(old, "magnet:?xt=urn:bt\n"...)
	if err := os.WriteFile(path, odd, 0o640); err != nil {
		t.Fatal(err)
	}
	if err := new(Register).Open(path); err == nil || size() != len(odd) {
		t.Errorf("%v, %d bytes of %d", err, size(), len(odd))
	}
}
