package pseudonym

import (
	"bytes"
	"testing"
)

func FuzzMaskedPacket(f *testing.F) {
	f.Add([]byte("d1:rd2:id20:aaaaaaaaaaaaaaaaaaaa5:nodes26:bbbbbbbbbbbbbbbbbbbb\x01\x02\x03\x04\x05\x064:surp6:secret6:valuesl6:cccccc18:dddddddddddddddddddee1:t2:ab1:y1:re"))
	f.Add([]byte("d1:eli203e13:from 10.1.2.3e12:unknown_key_d1:xi1ee1:y1:ee"))
	f.Add([]byte("d1:t"))
	k := New()
	texts := NewTexts(k)
	f.Fuzz(func(t *testing.T, b []byte) {
		before := bytes.Clone(b)
		if p := k.Packet(b, texts.Mask); len(p) != len(b) || !bytes.Equal(b, before) {
			t.Errorf("%q became %q", before, p)
		}
	})
}
