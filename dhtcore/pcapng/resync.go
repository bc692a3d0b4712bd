package pcapng

import (
	"bufio"
	"errors"
	"io"
)

// firstWindow is how much of a damaged file is searched at first, in bytes: most damage is short.
const firstWindow = 1 << 12

// resync leaves in where something whole begins: where found says so of what follows, of which end says that the file has no
// more. It passes over at least one byte. The error is io.EOF where nothing is found.
func resync(in *bufio.Reader, found func(b []byte, end bool) bool) error {
	at := 1
	for window := firstWindow; ; window = min(2*window, maxBlock) {
		b, err := in.Peek(window)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		for ; at < len(b); at++ {
			if found(b[at:], err != nil) {
				_, err = in.Discard(at)
				return err
			}
			if err == nil && len(b)-at < len(b)/2 && window == maxBlock {
				break // it may go on beyond the window
			}
		}
		switch {
		case err != nil:
			in.Discard(len(b)) //nolint:errcheck // they are there
			return io.EOF
		case window == maxBlock:
			in.Discard(at) //nolint:errcheck // they are there
			at = 0
		default:
			at = 1 // what did not fit into the window may fit into the next
		}
	}
}
