package metadata

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

func TestTheErrorCountsWhyPeersFailed(t *testing.T) {
	failed := tally{peers: 9}
	for _, err := range []error{errUnreachable, fmt.Errorf("%w: x", errUnreachable), errWithout, errWrong, io.EOF, io.ErrUnexpectedEOF} {
		failed.count(err)
	}
	err := failed.err()
	want := "of 9, 2 could not be reached, 2 disconnected or were too slow, 1 do not have it, 1 sent invalid data, 3 were not asked in time"
	if !errors.Is(err, ErrNoMetadata) || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("%v, want %q", err, want)
	}
	if err := (&tally{}).err(); !errors.Is(err, ErrNoMetadata) || !strings.HasSuffix(err.Error(), "there is no peer to ask") {
		t.Errorf("without peers: %v", err)
	}
}
