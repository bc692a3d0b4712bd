package input

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"dhtop/dhtcore"
	"dhtop/ui/cli/exit"
)

// MaxLine is the longest line of standard input, in bytes: magnet links with many trackers are long.
const MaxLine = 1 << 20

// errNoHash is the error of input without any line that could be a hash.
var errNoHash = errors.New("no hash on standard input: pipe hashes or magnet links in, one a line")

// Wanted is a hash to look up, or a line of standard input that has none.
type Wanted struct {
	Hash    dhtcore.ID
	Torrent *dhtcore.Torrent
	Number  int   // of the hash, from 0
	Line    int   // of a bad line, from 1; 0 for standard input itself
	Err     error // why it is bad, else nil
}

// Reason says which line is bad, and why.
func (w *Wanted) Reason() error {
	if w.Line == 0 {
		return w.Err
	}
	return fmt.Errorf("line %d of standard input: %w", w.Line, w.Err)
}

// ParseTorrents is dhtcore.ParseTorrents for an argument: a signal ends the wait for a file.
func ParseTorrents(ctx context.Context, arg string) ([]dhtcore.Torrent, error) {
	torrents, err := dhtcore.ParseTorrents(ctx, arg)
	if ended := exit.BySignal(ctx); err != nil && ended != nil {
		return nil, ended
	}
	return torrents, err
}

// Hashes hands out the hashes of arguments and of the lines of standard input, as they come.
type Hashes struct {
	from  <-chan Wanted
	ahead []Wanted // read from it already
	count int      // hashes handed out
}

// ReadHashes parses the arguments and begins to read standard input for each "-", until ctx ends. It keeps room
// lines ahead of those that take them.
func ReadHashes(ctx context.Context, args []string, in io.Reader, room int) (*Hashes, error) {
	parsed := make([][]dhtcore.Torrent, len(args)) // nil for "-"
	for i, arg := range args {
		if arg == "-" {
			continue
		}
		torrents, err := ParseTorrents(ctx, arg)
		if err != nil {
			return nil, err
		}
		parsed[i] = torrents
	}
	to := make(chan Wanted, room)
	go func() {
		defer close(to)
		for _, torrents := range parsed {
			if torrents != nil {
				send(ctx, to, torrents)
			} else {
				readLines(ctx, to, in)
			}
		}
	}()
	return &Hashes{from: to}, nil
}

// send sends the hashes of torrents, and returns early when ctx ends.
func send(ctx context.Context, to chan<- Wanted, torrents []dhtcore.Torrent) {
	for i := range torrents {
		for _, hash := range torrents[i].Hashes {
			select {
			case to <- Wanted{Hash: hash, Torrent: &torrents[i]}:
			case <-ctx.Done():
				return
			}
		}
	}
}

// readLines sends the hashes of the lines of in. It skips empty lines and those that start with #.
func readLines(ctx context.Context, to chan<- Wanted, in io.Reader) {
	EachLine(ctx, in, func(n int, text string, err error) {
		var torrents []dhtcore.Torrent
		if err == nil {
			torrents, err = dhtcore.ParseTorrents(ctx, text)
		}
		if err != nil {
			select {
			case to <- Wanted{Line: n, Err: err}:
			case <-ctx.Done():
			}
			return
		}
		send(ctx, to, torrents)
	})
}

// EachLine calls do with each line of in that is neither empty nor a comment, and its number from 1, until ctx ends; err
// is why a line could not be read, and with the number 0 why nothing more can be.
func EachLine(ctx context.Context, in io.Reader, do func(n int, text string, err error)) {
	lines := bufio.NewReader(in)
	for n := 1; ctx.Err() == nil; n++ {
		line, err := readLine(lines)
		text := strings.TrimSpace(strings.TrimPrefix(string(line), "\ufeff"))
		switch {
		case err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, errLongLine):
			do(0, "", fmt.Errorf("cannot read standard input: %w", err))
			return
		case errors.Is(err, errLongLine):
			do(n, "", err)
		case text == "" || text[0] == '#':
		default:
			do(n, text, nil)
		}
		if errors.Is(err, io.EOF) {
			return
		}
	}
}

var errLongLine = fmt.Errorf("it has more than %d bytes: %w", MaxLine, dhtcore.ErrHash)

// readLine reads a line. Of one that is too long nothing is kept; the error is errLongLine.
func readLine(in *bufio.Reader) (line []byte, err error) {
	long := false
	for {
		part, err := in.ReadSlice('\n')
		if long = long || len(line)+len(part) > MaxLine; !long {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case long:
			return nil, errLongLine // the next call meets the end of the input, if it is there
		default:
			return bytes.TrimRight(line, "\r\n"), err
		}
	}
}

// Next returns the next hash or bad line, false at the end of the input and when ctx ends.
func (l *Hashes) Next(ctx context.Context) (w Wanted, ok bool) {
	if len(l.ahead) > 0 {
		w, l.ahead = l.ahead[0], l.ahead[1:]
	} else {
		select {
		case w, ok = <-l.from:
		case <-ctx.Done():
		}
		if !ok {
			return Wanted{}, false
		}
	}
	if w.Err == nil {
		w.Number = l.count
		l.count++
	}
	return w, true
}

// First returns the hash that Wait has waited for, nil for none.
func (l *Hashes) First() *Wanted {
	if len(l.ahead) == 0 {
		return nil
	}
	return &l.ahead[0]
}

// Wait waits for the first hash, so that no network is joined for nothing. It hands the bad lines before it to bad.
func (l *Hashes) Wait(ctx context.Context, bad func(Wanted)) error {
	for n := 0; ; n++ {
		select {
		case w, ok := <-l.from:
			switch {
			case ok && w.Err != nil:
				bad(w)
				continue
			case ok:
				l.ahead = append(l.ahead, w)
			case ctx.Err() != nil: // which ends the reading
				return exit.ErrInterrupted
			case n == 0:
				return errNoHash
			}
			return nil
		case <-ctx.Done():
			return exit.ErrInterrupted
		}
	}
}
