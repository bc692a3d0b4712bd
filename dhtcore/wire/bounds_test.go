package wire

import (
	"errors"
	"strings"
	"testing"
)

func TestValuesAreSkippedUpToSixteenDeep(t *testing.T) {
	for depth, want := range map[int]error{16: nil, 17: ErrSyntax} {
		packet := "d1:x" + strings.Repeat("l", depth) + strings.Repeat("e", depth) + "1:y1:qe"
		var m Message
		if err := Scan([]byte(packet), &m); !errors.Is(err, want) {
			t.Errorf("%d deep: %v, want %v", depth, err, want)
		}
	}
}

func TestExplainStopsAfter512Fields(t *testing.T) {
	for members, want := range map[int]int{510: 512, 511: 513, 600: 513} { // the message, the list, the rest
		fields := Explain([]byte("d1:xl" + strings.Repeat("i1e", members) + "ee"))
		if len(fields) != want || (fields[len(fields)-1].Shape == Malformed) != (want > 512) {
			t.Errorf("%d members: %d fields, want %d", members, len(fields), want)
		}
	}
}
