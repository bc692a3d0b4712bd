package metadata

import (
	"errors"
	"fmt"
	"strings"
)

// Why a peer gave no metadata. An error that wraps none of them is of a connection that broke or timed out.
var (
	errUnreachable = errors.New("unreachable")
	errWithout     = errors.New("no metadata")
	errWrong       = errors.New("invalid")
)

// tally counts the peers of a Fetch by why they failed.
type tally struct {
	peers, unreachable, without, wrong, broken int
}

func (t *tally) count(err error) {
	switch {
	case errors.Is(err, errUnreachable):
		t.unreachable++
	case errors.Is(err, errWithout):
		t.without++
	case errors.Is(err, errWrong):
		t.wrong++
	default:
		t.broken++
	}
}

// err returns the error of a Fetch that no peer satisfied.
func (t *tally) err() error {
	if t.peers == 0 {
		return fmt.Errorf("%w: there is no peer to ask", ErrNoMetadata)
	}
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{
		{t.unreachable, "could not be reached"},
		{t.broken, "disconnected or were too slow"},
		{t.without, "do not have it"},
		{t.wrong, "sent invalid data"},
		{t.peers - t.unreachable - t.broken - t.without - t.wrong, "were not asked in time"},
	} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.what))
		}
	}
	return fmt.Errorf("%w: of %d, %s", ErrNoMetadata, t.peers, strings.Join(parts, ", "))
}
