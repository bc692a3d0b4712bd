package cli

import (
	"github.com/spf13/cobra"

	"dhtop/ui/api"
)

// served is a session that tells of itself over HTTP, if it is to.
type served struct {
	*session
	url  string        // of the HTTP API; "" for none
	left chan struct{} // closed when that has ended
}

// openServed is open, with the HTTP API of the settings beside. Whoever calls it calls close, and wait then.
func openServed(cmd *cobra.Command, s settings) (served, error) {
	r := served{left: make(chan struct{})}
	var err error
	if s.http == nil {
		close(r.left)
		r.session, err = open(cmd, s)
		return r, err
	}
	server, err := api.New(*s.http) // first: a port in use is to be told before anything is asked of the network
	if err != nil {
		return r, err
	}
	if r.session, err = open(cmd, s); err != nil {
		server.Close()
		return r, err
	}
	r.url = server.URL()
	go func() {
		defer close(r.left)
		if err := server.Run(r.ctx, r.Explorer); err != nil {
			r.Note(err.Error())
		}
	}()
	return r, nil
}

// wait ends the session, if nobody has, as in a panic, and returns when the HTTP API has ended with it.
func (r *served) wait() {
	r.cancel()
	<-r.left
}
