package metadata

import (
	"errors"
	"fmt"
	"strings"
)

// What can come of asking a peer, other than its metadata. An error that wraps none of them is that of
// a connection that broke or timed out.
var (
	errUnreachable = errors.New("not reached")
	errWithout     = errors.New("without the metadata")
	errWrong       = errors.New("wrong")
)

// tally counts what came of the peers.
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

// err is the error of a Fetch that none of the peers satisfied.
func (t *tally) err() error {
	if t.peers == 0 {
		return fmt.Errorf("%w: there is none to ask", ErrNoMetadata)
	}
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{
		{t.unreachable, "could not be reached"},
		{t.broken, "hung up or were too slow"},
		{t.without, "do not have it"},
		{t.wrong, "sent something wrong"},
		{t.peers - t.unreachable - t.broken - t.without - t.wrong, "were not asked in time"},
	} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.what))
		}
	}
	return fmt.Errorf("%w: of %d, %s", ErrNoMetadata, t.peers, strings.Join(parts, ", "))
}
