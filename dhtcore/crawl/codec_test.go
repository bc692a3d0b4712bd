package crawl

import (
	"testing"

	"dhtop/dhtcore/wire"
)

func TestContactsAreReadAsTheyWereWritten(t *testing.T) {
	for _, c := range []wire.Contact{at(1, 2, 3), six(4, 5)} {
		b := appendContact(nil, c)
		in := reader{b: b}
		if got := in.contact(); got != c || in.bad || len(in.b) != 0 || len(b) != contactLen {
			t.Errorf("%v is read as %v", c, got)
		}
	}
}

func TestAReaderOfTooLittleReadsZeros(t *testing.T) {
	in := reader{b: []byte{1, 2, 3}}
	if in.uint16() != 0x0102 || in.bad {
		t.Error("two bytes are not read")
	}
	if in.uint16() != 0 || !in.bad || in.uint64() != 0 {
		t.Error("one byte is read as two")
	}
}

func TestAReaderBelievesNoCountThatDoesNotFit(t *testing.T) {
	in := reader{b: []byte{0, 0, 0, 2, 1, 2, 3, 4}}
	if in.count(2) != 2 || in.bad {
		t.Error("two things of two bytes are in four bytes")
	}
	in = reader{b: []byte{0, 0, 0, 3, 1, 2, 3, 4}}
	if in.count(2) != 0 || !in.bad {
		t.Error("three things of two bytes are in four bytes")
	}
}
