# Les pages que tout le monde peut lire : préfectures, files, tirages, aide, droits.

home-title = Choisissez votre préfecture
home-lead = Inscrivez-vous une fois. La préfecture vous donne une date.
home-none = Aucune préfecture n'est encore ouverte ici.

principles-title = Comment ça marche
principle-register = Vous vous inscrivez une seule fois, quand vous voulez. Vous recevez tout de suite une preuve datée.
principle-draw = À dates fixes, la préfecture ferme la liste et un tirage attribue les rendez-vous, selon des règles publiques.
principle-convocation = Si vous avez un rendez-vous, vous recevez une convocation à votre nom. Sinon, vous restez dans la liste pour le tirage suivant.

prefecture-lead = Choisissez votre démarche. Vous vous inscrivez une fois, et la préfecture vous donne une date.
prefecture-queues = Démarches
prefecture-no-queue = Aucune démarche n'est encore ouverte.
register-action = S'inscrire
help-without-computer = Sans ordinateur
sites-title = Lieux de rendez-vous

queue-figures-title = En ce moment
queue-waiting = personnes attendent
queue-free-slots = créneaux libres pour les prochains tirages
queue-awaiting-identity = demandes à l'identité non vérifiée
queue-lapsed-slots = créneaux perdus, faute de temps pour prévenir
queue-recent = Ces quatre dernières semaines : { $seats } { $seats ->
        [0] rendez-vous donné
        [one] rendez-vous donné
       *[other] rendez-vous donnés
    } en { $draws } { $draws ->
        [0] tirage
        [one] tirage
       *[other] tirages
    }.
next-draws-title = Prochains tirages
next-draws-lead = La liste est fermée à ces dates. Le tirage suit.
next-draws-if-verified = Dès que votre identité est vérifiée, vous entrez dans la prochaine de ces listes.
next-draws-none = Aucun tirage n'est annoncé pour le moment.
queue-under-way = En cours :
queue-offers-title = Les places publiées
queue-offers-next = Dans la liste fermée le { $date } : { $n ->
        [0] aucune place
        [one] 1 place
       *[other] { $n } places
    }
queue-offers-none = Aucune place n'est encore publiée pour la prochaine liste.
queue-offers-later = Pour une liste suivante : { $n ->
        [0] aucune place
        [one] 1 place
       *[other] { $n } places
    }
queue-offer-line = { $date }, { $half } – { $site } : { $n ->
        [0] aucune place
        [one] 1 place
       *[other] { $n } places
    }
offer-half-morning = le matin
offer-half-afternoon = l'après-midi
queue-rules-title = Les règles
queue-rules-version = Version { $version }. Une règle ne change qu'à partir du prochain tirage annoncé, et deux personnes doivent être d'accord.
past-draws-title = Tirages passés
past-draws-none = Il n'y a pas encore eu de tirage.
column-draw = Tirage
column-date = Date
column-state = État
column-entries = Demandes
column-slots = Places
column-winners = Rendez-vous donnés
queue-log-title = Le journal
queue-log-text = Tout ce que fait le service est inscrit dans un journal que l'on ne peut pas récrire sans que cela se voie. Lignes rangées : { $size }. En attente de rangement : { $tail }.
queue-log-root = Empreinte du journal :

draw-state-announced = Annoncé
draw-state-frozen = Liste fermée
draw-state-seeded = Hasard connu
draw-state-drawn = Calculé
draw-state-published = Publié
draw-state-annulled = Annulé
draw-rules-version = Règles : version { $version }.
draw-steps-title = Les étapes
draw-planned = prévu
draw-step-announced = Annonce
draw-step-frozen = Fermeture de la liste
draw-step-seeded = Hasard connu
draw-step-drawn = Calcul
draw-step-published = Publication
draw-step-annulled = Annulation
draw-counts-title = Les chiffres
draw-count-entries = Demandes dans la liste
draw-count-slots = Places offertes
draw-count-winners = Rendez-vous donnés
draw-count-tier-0 = Passent d'abord : la préfecture leur avait repris un rendez-vous
draw-count-tier-1 = Prioritaires, avec l'accord de deux agents
draw-count-tier-2 = Place garantie après plusieurs tirages
draw-count-tier-3 = À leur tour ordinaire
draw-count-narrow = Places que peu de personnes pouvaient accepter
draw-narrow = { $seats ->
        [one] 1 place ; { $could ->
            [0] personne, sur { $listed }, ne pouvait l'accepter
            [one] 1 personne sur { $listed } pouvait l'accepter
           *[other] { $could } personnes sur { $listed } pouvaient l'accepter
        }
       *[other] { $seats } places ; { $could ->
            [0] personne, sur { $listed }, ne pouvait les accepter
            [one] 1 personne sur { $listed } pouvait les accepter
           *[other] { $could } personnes sur { $listed } pouvaient les accepter
        }
    }
draw-count-no-class = Demandes à qui aucune place ne convenait
draw-count-awaiting-identity = Hors liste : identité non vérifiée
draw-count-paused = Hors liste : en pause à leur demande
draw-count-suspended = Hors liste : pause après un rendez-vous manqué ou annulé tard
draw-check-title = Vérifier ce tirage
draw-check-text = La liste ne contient aucun nom. Chacun peut refaire le calcul et trouver le même résultat.
draw-freeze-hash = Empreinte de la liste fermée
draw-opening = Hasard
draw-signature = Signature du tour, d'où vient le hasard
draw-outcome-hash = Empreinte du résultat
draw-list-link = La liste fermée (JSON)
draw-bundle-link = Le dossier complet (JSON)
draw-check-how = Pour vérifier le dossier :
draw-nothing-yet = La liste n'est pas encore fermée.
draw-annulled-text = Ce tirage a été annulé le { $date }. Raison : { $reason }
draw-annulled-effect = Il ne compte pour personne : l'attente de chacun continue comme s'il n'avait pas eu lieu.
draw-late = Le hasard de ce tirage est en retard. Il était attendu le { $due }. Le tirage attend ce hasard et n'en prendra aucun autre. Vous n'avez rien à faire. S'il manque encore le { $until }, ce tirage sera annulé et un autre sera annoncé.
annulled-frozen-too-late = la liste n'a pas pu être fermée à temps.
annulled-restored = l'installation a été rétablie depuis une copie, et la liste avait peut-être déjà été fermée.
annulled-beacon-late = le hasard n'est pas arrivé à temps.
draw-count-waiting = Demandes en attente
draw-count-excluded = Hors liste, toutes raisons
draw-count-few = moins de 5
draws-title = Tirages : { $queue }
draws-link = Tirages
draws-all = Tous les tirages
draws-list-title = Tous les tirages, le plus récent d'abord
draws-older = Tirages plus anciens
draws-newest = Tirages les plus récents
draws-feed = Suivre les tirages (Atom)
draws-index = Tous les tirages, pour les programmes (JSON)
draw-replaces = Remplace le tirage annulé :
draw-replaced-by = Remplacé par :
odds-title = Qui a eu une place
odds-lead = Le poids est le nombre de tickets de chacun : plus il est grand, plus on a de chances.
odds-nobody = La liste était vide.
column-tier = Tour
column-weight = Poids
column-share = Part servie
share-no-seat = aucune place possible
column-wait = Attente
tier-displaced = D'abord : rendez-vous repris par la préfecture
tier-priority = Prioritaire, avec l'accord de deux agents
tier-guaranteed = Place garantie
tier-ordinary = Tour ordinaire
percent = { $n } %
percent-under = moins de { $n } %
waits-title = Combien de temps ils avaient attendu
waits-lead = Jours entre l'inscription et le tirage, pour ceux qui ont eu une place. Les groupes de moins de 5 personnes sont réunis à leurs voisins.
waits-chart = Graphique : nombre de personnes servies selon leur attente. Le tableau qui suit dit la même chose.
waits-table = Le même graphique en tableau
waits-too-few = Trop peu de personnes ont eu une place pour que nous le disions sans les désigner.
wait-under = Moins de { $to } jours
wait-between = De { $from } à moins de { $to } jours
wait-from = { $from } jours ou plus
feed-count = { $title } : { $value }.
feed-freeze = Fermeture de la liste : { $date }.
source-round-title = Numéro du hasard annoncé (tour drand)
source-chain-title = Réseau (chaîne drand)
source-expected = Attendu

help-title = Aide
help-lead = Vous pouvez tout faire sans ordinateur, au guichet ou par téléphone. C'est gratuit, et vos chances sont les mêmes.
help-identity-title = Prouver qui vous êtes
help-identity-text = Montrez un document à un agent : passeport, carte consulaire, acte de naissance ou titre de séjour, même expiré. Si vous n'en avez aucun, dites-le : l'agent cherchera avec vous.
help-how-title = Questions
help-how-1 = Dois-je me connecter tôt ou souvent ? Non. Inscrivez-vous une fois. Le reste se fait sans vous.
help-how-2 = Comment saurai-je que j'ai un rendez-vous ? Par SMS, par courriel ou par courrier, et sur la page « Suivre ma demande ».
help-how-3 = J'ai perdu ma référence. Demandez-la à la préfecture, avec un document d'identité.
help-how-4 = Je ne peux plus venir. Rendez le rendez-vous dès que possible, sur la page de suivi ou en appelant la préfecture.

legal-title = Vos droits
legal-decision-title = Une décision prise par un calcul
legal-decision-text = Les rendez-vous sont attribués par un traitement automatisé, selon les règles publiées sur la page de chaque file (articles L.311-3-1 et R.311-3-1-2 du code des relations entre le public et l'administration, article 47 de la loi du 6 janvier 1978).
legal-decision-review = Vous pouvez demander à la préfecture les règles et comment elles vous ont été appliquées. Vous pouvez aussi demander qu'une personne réexamine votre situation : sur la page de votre demande, par courrier ou au guichet. Elle vous répond en un mois.
legal-receipt-title = Ce que prouve votre inscription
legal-data-title = Vos données
legal-data-text = La préfecture garde votre identité, vos moyens de contact et vos disponibilités, chiffrés, pour vous donner un rendez-vous. Les tirages publiés ne contiennent ni nom, ni numéro.
legal-data-rights = Sur la page de votre demande, vous pouvez les voir et les télécharger, changer de téléphone ou de courriel, et les effacer une fois la demande terminée. Elles sont effacées d'office après le délai que disent les règles de la file. Pour le reste, adressez-vous à la préfecture. Vous pouvez vous plaindre à la CNIL.
legal-cookies-title = Cookies
legal-cookies-text = Ces pages n'ont ni publicité, ni mesure d'audience. Deux cookies servent au fonctionnement du site, et trois autres, chiffrés, si vous passez par FranceConnect : ils gardent l'identification en cours, l'identité donnée et la preuve pour vous déconnecter, pendant trente minutes au plus. Des deux premiers, l'un retient la langue que vous choisissez, pendant un an. L'autre garde votre demande ouverte quand vous l'inscrivez ou la retrouvez : il cesse de valoir trente minutes après votre dernière page, quand vous fermez la demande, ou quand vous fermez le navigateur.

# Le second regard sur un tirage
watch-title = Contrôle du tirage
watch-link = Le contrôle du tirage, en données ouvertes
watch-holds = Recalculé avant sa publication : le résultat est exact.
watch-arrival = Écart entre l'arrivée des personnes désignées et celle des autres : { $z }. L'alerte se déclenche au-delà de { $alarm }, dans un sens ou dans l'autre.
watch-alarm = L'écart est anormal. Ouvrez une enquête. Le tirage reste valable : il n'est pas refait.
watch-channel-online = En ligne
watch-channel-phone = Par téléphone
watch-channel-counter = Au guichet
watch-odds = { $channel } : { $won } personnes désignées sur { $had }. Leurs chances étaient entre { $low } et { $high } %.
watch-wait = Elles ont attendu { $median } jours (médiane, entre { $low } et { $high }).

preparing-title = La démonstration se prépare
preparing-text = Le service joue trois semaines de la vie d'une préfecture fictive : des demandes, des créneaux, des tirages.
preparing-done = C'est fait à
preparing-next = Vous n'avez rien à faire. Cette page se met à jour toute seule, puis la démonstration s'affiche ici.
