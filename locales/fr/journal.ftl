# La page du journal : ce que c'est, sa signature, ses témoins.

menu-log = Le journal
queue-log-link = Le journal, sa signature et ses témoins
draw-log-link = La ligne du journal qui dit quand la liste a été fermée, avec sa preuve (JSON)
log-title = Le journal
log-lead = Tout ce que fait le service est inscrit dans un journal, ligne après ligne. Chaque liste fermée y est inscrite avant que le hasard du tirage soit connu. Changer une ligne change l'empreinte de tout le journal : cela se voit.
log-restored = Cette installation a été rétablie depuis une copie, { $date }. Ce qui avait été écrit après la copie est perdu. Les témoins peuvent en avoir gardé plus.
log-witness-lead = Des témoins, en dehors de la préfecture, gardent ces empreintes et l'heure où ils les ont reçues. Si la préfecture montrait deux listes différentes, ou une liste faite trop tard, leurs traces le prouveraient.
log-contradicted = Un témoin garde un autre journal que celui-ci. L'un des deux est faux. Prévenez la préfecture.
log-head-title = La dernière signature
log-head-size = Lignes signées
log-head-signed = Signé le
log-head-waiting = Lignes pas encore signées
log-head-root = Empreinte du journal
log-key = Clé publique
log-key-text = Notez cette clé. Si elle change un jour sans explication, méfiez-vous.
log-empty = Rien n'est encore signé.
log-witnesses-title = Les témoins
log-witnesses-none = Aucun témoin ne suit encore ce journal. Tant que c'est le cas, il faut croire la préfecture sur parole pour l'heure de fermeture des listes.
log-witness-never = N'a encore rien reçu.
log-witness-follows = Dernière réception le { $date }. { $behind ->
        [0] Il est à jour.
        [one] Il lui manque une ligne.
       *[other] Il lui manque { $behind } lignes.
    }
log-witness-silent = La dernière tentative n'a pas abouti.
log-witness-contradicts = Ce témoin garde un autre journal que celui-ci.
log-check-title = Vérifier
log-check-text = Ces documents sont faits pour des programmes. Tout le monde peut les lire.
log-check-head = La dernière signature :
log-check-freeze = La fermeture d'une liste, avec la preuve qu'elle est dans le journal :
log-check-consistency = La preuve qu'un journal plus long ne fait qu'ajouter des lignes :
log-check-witness = Tout le monde peut devenir témoin, avec un ordinateur allumé :
