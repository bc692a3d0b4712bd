package cli

import (
	"bytes"
	"errors"
	"testing"

	"dhtop/dhtcore"
	"dhtop/ui/cli/console"
)

func TestWhatAnItemPointsToIsNoPartOfItsValue(t *testing.T) {
	var said, printed bytes.Buffer
	out := console.NewOutput(&printed)
	it := &dhtcore.Item{Key: make([]byte, 32), Value: []byte("d2:ih20:abcdefghijklmnopqrste")}
	if err := errors.Join(writeValue(out, &said, it, false), out.Flush()); err != nil {
		t.Fatal(err)
	}
	want := "dhtop: the item points to the torrent 6162636465666768696a6b6c6d6e6f7071727374 (BEP 46)\n"
	if got := said.String(); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if printed.String() != string(it.Value) {
		t.Errorf("printed %q", &printed)
	}
}
