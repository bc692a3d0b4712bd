package crawl

import (
	"slices"
	"testing"
)

func FuzzRestore(f *testing.F) {
	c := New(Config{})
	f.Add(c.Checkpoint())
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) < checksumLen {
			return
		}
		body := b[:len(b)-checksumLen]
		fresh := New(Config{})
		if fresh.Restore(withChecksum(slices.Clone(body))) == nil && New(Config{}).Restore(fresh.Checkpoint()) != nil {
			t.Error("what was restored cannot be saved and restored")
		}
	})
}
