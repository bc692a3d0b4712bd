package cli

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"dhtop/dhtcore"
	"dhtop/dhtcore/pkarr"
)

// putArgs takes one value, or none with --pkarr or --file.
func putArgs(cmd *cobra.Command, args []string) error {
	f := values{cmd.Flags()}
	if f.string("file") != "" {
		for _, name := range []string{"pkarr", "key-file", "new-key", "salt", "seq", "cas", "bencoded"} {
			if f.Changed(name) {
				return fmt.Errorf("--file and --%s: the lines of the file say what is put: leave --%s out", name, name)
			}
		}
		if len(args) > 0 {
			return errors.New("VALUE and --file: pass one of them")
		}
		return nil
	}
	if !f.Changed("pkarr") {
		return oneArg("value")(cmd, args)
	}
	switch {
	case len(args) > 0:
		return errors.New("VALUE and --pkarr: pass one of them")
	case f.string("key-file") == "":
		return errors.New("--pkarr needs the key that the records belong to: pass --key-file FILE, and --new-key to create one")
	case f.string("salt") != "" || f.bool("bencoded"):
		return errors.New("--pkarr excludes --salt and --bencoded: leave them out")
	}
	return nil
}

// setRecords makes DNS records the value of an item, and the time its sequence number unless one was given (Pkarr).
func setRecords(it *dhtcore.Item, lines []string, now time.Time) error {
	if len(lines) == 0 {
		return nil
	}
	packet, err := pkarr.Encode(lines, it.Key)
	if err != nil {
		return fmt.Errorf("--pkarr %w", err)
	}
	it.Value = bencoded(packet)
	if len(it.Value) > dhtcore.MaxValue {
		return fmt.Errorf("--pkarr: the records take %d bytes, at most %d are allowed: pass fewer or shorter ones", len(it.Value), dhtcore.MaxValue)
	}
	if !it.HasSeq {
		it.Seq, it.HasSeq = pkarr.NextSeq(now, 0), true
	}
	return nil
}

// bencoded returns a text as a bencoded string.
func bencoded(text []byte) []byte {
	return append(append(strconv.AppendInt(nil, int64(len(text)), 10), ':'), text...)
}
