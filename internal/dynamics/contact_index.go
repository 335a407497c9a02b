package dynamics

import "sort"

// FindContact returns the index in m.Contacts of a feature of a collider against a half-space, −1 when there is none.
// It relies on the order in which PlaceContacts lists them.
func (m *Model) FindContact(collider, plane, feature int) int {
	if feature < 0 || plane < 0 || plane >= len(m.Planes) {
		return -1
	}
	i := sort.Search(len(m.Contacts), func(i int) bool { return m.Contacts[i].Collider >= collider })
	i += feature*len(m.Planes) + plane
	if i >= len(m.Contacts) || m.Contacts[i].Collider != collider {
		return -1
	}
	return i
}
