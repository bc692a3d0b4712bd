package settings

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
	LogJSON logFormat = "json"
)

// LogOptions say which events of a node become lines.
type LogOptions struct {
	Level  LogLevel
	Format logFormat
	Quiet  bool    // warnings only
	Unique bool    // each hash and each IP address once
	Rate   float64 // lines per second of one kind; 0 for no limit
	Form   report.Options
}

func (s *Settings) setLogLevel(name string) (err error) {
	s.LogLevel, err = parseLogLevel(name)
	return err
}

func (s *Settings) setLogFormat(name string) error {
	switch f := logFormat(name); f {
	case logText, LogJSON:
		s.logs.Format = f
		return nil
	}
	return fmt.Errorf("--log-format %q: want text or json", name)
}

func (s *Settings) setLogRate(n float64) error {
	if !(n >= 0 && n <= maxLimit) { // NaN is neither
		return fmt.Errorf("--log-rate %v: want lines per second up to %.0e, or 0 for all", n, maxLimit)
	}
	s.logs.Rate = n
	return nil
}

// Logging returns how serve logs.
func (s *Settings) Logging() LogOptions {
	o := s.logs
	o.Level, o.Form = s.LogLevel, s.Form.Options
	return o
}
