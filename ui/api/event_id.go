package api

import (
	"strconv"
	"strings"
)

// The IDs of messages are RUN-SEQ: events count from 1 in every run of dhtop, so that a client that comes back after a
// restart must not be taken at its number.

// appendID appends the line with the ID of the event with number seq.
func (f *feed) appendID(dst []byte, seq uint64) []byte {
	dst = append(append(append(dst, "id: "...), f.name...), '-')
	return append(strconv.AppendUint(dst, seq, 10), '\n')
}

// parseEventID reads what appendID writes, or a number alone, and reports whether it is of this run.
func (f *feed) parseEventID(id string) (seq uint64, sameRun bool, err error) {
	run, number, found := strings.Cut(id, "-")
	if !found {
		run, number = f.name, id
	}
	seq, err = strconv.ParseUint(number, 10, 64)
	return seq, run == f.name, err
}
