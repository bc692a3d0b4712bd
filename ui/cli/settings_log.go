package cli

import (
	"fmt"

	"dhtop/views/report"
)

// defaultLogRate is how many lines of one kind the log has per second: enough to see what goes on, and some ten kinds
// of it still fit what a journal of the system takes.
const defaultLogRate = 20

// logFormat is how the lines of the log are written.
type logFormat string

// The formats of the log.
const (
	logText logFormat = "text"
	logJSON logFormat = "json"
)

// logOptions say which events of a node become lines.
type logOptions struct {
	level  logLevel
	format logFormat
	quiet  bool    // warnings only
	unique bool    // each hash and each IP address once
	rate   float64 // lines per second of one kind; 0 for no limit
	form   report.Options
}

func (s *settings) setLogLevel(name string) (err error) {
	s.log, err = parseLogLevel(name)
	return err
}

func (s *settings) setLogFormat(name string) error {
	switch f := logFormat(name); f {
	case logText, logJSON:
		s.logs.format = f
		return nil
	}
	return fmt.Errorf("--log-format %q: want text or json", name)
}

func (s *settings) setLogRate(n float64) error {
	if !(n >= 0 && n <= maxLimit) { // NaN is neither
		return fmt.Errorf("--log-rate %v: want lines per second up to %.0e, or 0 for all", n, maxLimit)
	}
	s.logs.rate = n
	return nil
}

// logging returns how serve logs.
func (s *settings) logging() logOptions {
	o := s.logs
	o.level, o.form = s.log, s.form.Options
	return o
}
