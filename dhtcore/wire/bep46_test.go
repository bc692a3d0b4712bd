package wire

import (
	"strings"
	"testing"
)

func TestAMutableItemPointsToATorrent(t *testing.T) {
	hash := strings.Repeat("h", 20)
	for value, want := range map[string]bool{
		"d2:ih20:" + hash + "e":            true,
		"d2:ab3:xyz2:ih20:" + hash + "e":   true,
		"d2:ih20:" + hash + "4:namei1ee":   true,
		"d2:ih19:" + hash[1:] + "e":        false,
		"d2:ihi20ee":                       false,
		"d2:ih20:" + hash:                  false, // cut off
		"20:" + hash:                       false,
		"de":                               false,
		"":                                 false,
		"d2:ih20:" + hash + "2:zzd1:a1:be": false,
	} {
		it := Item{Value: []byte(value), Key: make([]byte, 32)}
		got, ok := it.Pointer()
		if ok != want || ok && string(got[:]) != hash {
			t.Errorf("%q points to %q, %v", value, got[:], ok)
		}
		it.Key = nil
		if _, ok := it.Pointer(); ok {
			t.Errorf("%q, immutable, points somewhere", value)
		}
	}
}
