package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"dhtop/dhtcore"
)

// maxStdinHashes is the most hashes accepted from standard input.
const maxStdinHashes = 1_000_000

// readHashes parses the arguments; "-" stands for the lines of in. It returns early when ctx ends, as in may be a
// keyboard.
func readHashes(ctx context.Context, args []string, in io.Reader) (hashes []dhtcore.ID, err error) {
	for _, arg := range args {
		if arg != "-" {
			hash, err := dhtcore.ParseHash(arg)
			if err != nil {
				return nil, err
			}
			hashes = append(hashes, hash)
			continue
		}
		var lines []dhtcore.ID
		err := interruptible(ctx, func() (err error) { lines, err = readLines(in); return err })
		if err != nil {
			return nil, err
		}
		hashes = append(hashes, lines...)
	}
	if len(hashes) == 0 {
		return nil, errors.New("no hash on standard input")
	}
	return hashes, nil
}

// readLines parses one hash per line. It skips empty lines and those that start with #.
func readLines(in io.Reader) (hashes []dhtcore.ID, err error) {
	lines := bufio.NewScanner(in)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		hash, err := dhtcore.ParseHash(line)
		if err != nil {
			return nil, fmt.Errorf("line %d of standard input: %w", n, err)
		}
		if hashes = append(hashes, hash); len(hashes) > maxStdinHashes {
			return nil, fmt.Errorf("more than %d hashes on standard input", maxStdinHashes)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("standard input: %w", err)
	}
	return hashes, nil
}
