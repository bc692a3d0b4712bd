package crawl

import (
	"slices"
	"testing"
)

func FuzzRestore(f *testing.F) {
	c := New(Config{})
	f.Add(c.State())
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) < checkLen {
			return
		}
		body := b[:len(b)-checkLen]
		fresh := New(Config{})
		if fresh.Restore(checked(slices.Clone(body))) == nil && New(Config{}).Restore(fresh.State()) != nil {
			t.Error("what was restored cannot be saved and restored")
		}
	})
}
