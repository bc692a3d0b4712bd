package dhtcore

import (
	"context"
	"errors"
	"time"
)

// saveEvery is how often the routing tables and the checkpoint of the crawl are saved.
const saveEvery = 5 * time.Minute

// save saves the routing tables, the checkpoint of the crawl and the swarms of the tracker. The error is the first one.
func (e *Explorer) save() error {
	err := errors.Join(e.vantages.saveTables(e.notices), e.saver.save())
	swarms := e.trackerSaver.Save()
	if swarms != nil {
		e.notices.set(aboutTable, swarms.Error())
	}
	return errors.Join(err, swarms)
}

// ErrKeepsNothing is returned by SaveState where there is nothing to save to.
var ErrKeepsNothing = errors.New("nothing is kept here: start dhtop with --data DIR, and no other dhtop on the same directory")

// SaveState saves what Run saves from time to time, and returns when it is on the disk, or ctx ends. An error has a
// remedy. The counts are saved by themselves, every few seconds.
func (e *Explorer) SaveState(ctx context.Context) error {
	if e.dir.File("") == "" {
		return ErrKeepsNothing
	}
	done := make(chan error, 1)
	select {
	case e.saves <- done:
		return <-done
	case <-ctx.Done():
		return ctx.Err()
	}
}
