# Les pages des responsables : créneaux, règles, tirages, priorités.

manage-proposed-by = Proposé par { $login }, { $at }
manage-own = Vous avez fait cette proposition : une autre personne doit l'approuver ou la rejeter.
manage-withdraw-own = Retirer ma proposition
manage-reject = Rejeter
manage-reject-title = Rejeter une proposition
manage-reject-warning = La proposition reste sans effet. Elle peut être faite de nouveau.
manage-reject-reason-hint = La personne qui l'a proposée la lira. De 5 à 300 caractères.
manage-proposal-waiting = attend une deuxième personne
manage-proposal-approved = approuvée par { $login }, { $at }
manage-proposal-rejected = rejetée par { $login }, { $at } : { $reason }
manage-proposal-withdrawn = retirée par { $login }, { $at }
staff-done-rejetee = La proposition est rejetée.
staff-done-retiree = La proposition est retirée.

## Créneaux

manage-slots-title = Créneaux
manage-week = Semaine du { $date }
manage-weeks = Changer de semaine
manage-week-before = Semaine précédente
manage-week-after = Semaine suivante
manage-week-counts = { $all ->
    [0] Aucun créneau
    [one] 1 créneau
   *[other] { $all } créneaux
}. Libres : { $free }. Attribués : { $taken }.
manage-day = { $date } ({ $n })
manage-slots-none = Aucun créneau ce jour-là.
manage-slot = { $time } ({ $minutes } min) – { $site }, guichet { $desk } – { $queue }
manage-slot-withdraw = Retirer
manage-publish = Publier et fermer
manage-publish-hint = Tout est publié, ou rien. Un guichet n'est jamais à deux endroits, et un créneau déjà publié n'est pas doublé.
manage-takes-lead = Le tirage qui prendra les créneaux publiés maintenant :
manage-takes = { $queue } : la liste fermée le { $date }, pour des rendez-vous du { $first } au { $last }.
manage-publish-plan = Publier un horaire
manage-publish-file = Publier un fichier CSV
manage-publish-button = Publier ces créneaux
manage-field-queue = File
manage-field-desk = Guichet
manage-field-site = Site
manage-field-day = Jour
manage-field-first-day = Premier jour
manage-field-last-day = Dernier jour, compris
manage-field-weekdays = Jours de la semaine
manage-field-from = De
manage-field-to = À
manage-field-to-hint = Le dernier créneau finit au plus tard à cette heure.
manage-field-every = Un début toutes les (minutes)
manage-field-minutes = Durée d'un créneau (minutes)
manage-field-skip-holidays = Sauter les jours fériés
manage-field-file = Fichier CSV, en UTF-8
manage-file-hint = Une ligne par créneau, 20 000 au plus. Séparateur ; ou , – dates 2027-06-08 ou 08/06/2027 – heures 09:30. Par exemple :
manage-file-button = Envoyer le fichier
manage-file-faults-title = Le fichier n'est pas publié
manage-file-detail = « { $detail } » : { $said }
manage-file-faults = { $n ->
    [one] 1 ligne est à corriger.
   *[other] { $n } lignes sont à corriger.
}
manage-file-nothing = Aucun créneau n'a été publié. Corrigez ces lignes dans votre tableur, puis envoyez le fichier de nouveau.
manage-file-again = Envoyer de nouveau
manage-and-more = { $n ->
    [one] … et 1 autre.
   *[other] … et { $n } autres.
}
manage-unusual-title = Créneaux à confirmer
manage-unusual = { $n ->
    [one] 1 créneau tombe un jour férié, un dimanche ou la nuit.
   *[other] { $n } créneaux tombent un jour férié, un dimanche ou la nuit.
}
manage-unusual-slot = { $date }, { $time } – { $site }, guichet { $desk } : { $why }
manage-unusual-holiday = jour férié
manage-unusual-sunday = dimanche
manage-unusual-night = avant 7 h ou après 20 h
manage-unusual-nothing = Rien n'est encore publié. Changez les dates ou les heures, ou cochez la case.
manage-unusual-confirm = Oui, publier aussi ces créneaux
manage-line = Ligne
manage-column = Colonne
manage-line-reason = Ce qu'il faut corriger
manage-column-site = site
manage-column-desk = guichet
manage-column-date = date
manage-column-time = heure
manage-column-minutes = minutes
manage-close-day = Fermer un site pour un jour
manage-close-hint = Tous les créneaux de ce jour sont retirés. La page suivante dit combien de personnes sont touchées.
manage-close-button = Continuer
manage-close-title = Fermer un site pour un jour
manage-close-warning = Créneaux retirés : { $all }. Personnes convoquées ce jour-là : { $taken }. Elles seront prévenues avec des excuses, et attendront avec leur ancienneté. Elles passeront en premier au prochain tirage si une deuxième personne l'approuve. Cela ne peut pas être défait.
manage-close-confirm = Oui, fermer ce jour
manage-close-reason-hint = De 5 à 300 caractères. Par exemple : panne d'électricité.
manage-withdraw-title = Retirer un créneau
manage-withdraw-free = Ce créneau ne sera plus offert.
manage-withdraw-taken = Une personne est convoquée sur ce créneau. Elle sera prévenue avec des excuses, et attendra avec son ancienneté. Elle passera en premier au prochain tirage si une deuxième personne l'approuve. Cela ne peut pas être défait.
manage-withdraw-confirm = Oui, retirer ce créneau
manage-withdraw-reason-hint = De 5 à 300 caractères. Par exemple : agent absent.
staff-done-creneaux = { $n ->
    [0] Aucun nouveau créneau.
    [one] 1 créneau publié.
   *[other] { $n } créneaux publiés.
} { $m ->
    [0] { "" }
    [one] 1 était déjà publié.
   *[other] { $m } étaient déjà publiés.
}
staff-done-retrait = Le créneau est retiré.
staff-done-fermeture = { $n ->
    [0] Le jour est fermé. Il n'y reste aucun créneau.
    [one] Le jour est fermé. 1 créneau est retiré.
   *[other] Le jour est fermé. { $n } créneaux sont retirés.
}
error-slot-queue = Choisissez une file de la liste.

## Règles

manage-rules-list-title = Règles des files
manage-rules-title = Règles : { $queue }
manage-rules-current = En vigueur : version { $version }
manage-rules-proposal = Proposition : version { $version }
manage-rules-field = Règle
manage-rules-now = Maintenant
manage-rules-then = Proposé
manage-rules-approve = Approuver
manage-rules-propose = Proposer une nouvelle version
manage-rules-history = Toutes les versions
manage-rules-version-line = Version { $version }, proposée par { $login }, { $at } : { $became }
manage-rules-form-title = Proposer des règles : { $queue }
manage-rules-form-intro = Une autre personne devra approuver. La version vaudra à partir du prochain tirage annoncé ; un tirage déjà annoncé garde ses règles.
manage-rules-reason-hint = Pourquoi ce changement ? La personne qui approuve la lira. De 5 à 300 caractères.
manage-rules-submit = Proposer ces règles
manage-rules-part-order = L'ordre
manage-rules-mode = Manière de tirer
manage-rules-weight-step = Poids ajouté à chaque tirage passé
manage-rules-weight-step-hint = Pour l'ancienneté et la garantie.
manage-rules-weight-cap = Poids le plus grand
manage-rules-weight-cap-hint = De 1 à 32.
manage-rules-guarantee = Tirages passés avant la garantie
manage-rules-guarantee-hint = Seulement pour le mode « garantie ». Laissez vide sinon.
manage-rules-part-reserves = Les réserves
manage-rules-reserves-hint = Des places servies d'abord. Le public lit le numéro et le nombre de places, jamais le nom ni la raison. Le nom ne parle ni de santé, ni de violence, ni de protection. Cinq réserves au plus, la première ligne l'emporte. Une ligne vide ne compte pas.
manage-rules-reserve-row = Réserve { $n }
manage-rules-reserve-name = Nom neutre, lu par les agents
manage-rules-reserve-label = Numéro, de 1 à 255
manage-rules-reserve-amount = Combien
manage-rules-reserve-unit = Unité
manage-rules-reserve-deadline = Une échéance vue par un agent est nécessaire
manage-rules-reserve-seats = { $label }. { $name } : { $amount } places (échéance vue : { $deadline })
manage-rules-reserve-percent = { $label }. { $name } : { $amount } % des places (échéance vue : { $deadline })
manage-rules-choice-seats = places
manage-rules-choice-percent = % des places
manage-rules-part-time = Le calendrier
manage-rules-timetable = Quand la liste est close
manage-rules-timetable-hint = Cinq champs, à l'heure locale : minute heure jour mois jour-de-semaine. Par exemple, le lundi à 18 h : 0 18 * * MON
manage-rules-lead = Minutes entre la liste et le tirage
manage-rules-lead-hint = De 15 à 10080.
manage-rules-notice = Préavis minimum, en jours
manage-rules-notice-hint = Un créneau plus proche n'est pas offert.
manage-rules-horizon = Horizon, en jours
manage-rules-horizon-hint = Un créneau plus lointain attend.
manage-rules-window = Inscription avant une échéance
manage-rules-window-hint = Laissez vide si l'on peut s'inscrire à tout moment.
manage-rules-window-opens = Ouvre tant de jours avant
manage-rules-window-until = En ligne jusqu'à tant de jours avant
manage-rules-window-short = { $until ->
    [0] de { $opens } jours avant jusqu'à l'échéance
   *[other] de { $opens } à { $until } jours avant
}
manage-rules-part-cost = Rendre, annuler, manquer
manage-publications-title = Publications à confirmer
manage-publications-intro = Une publication dont aucun créneau ne convient à assez de personnes attend ici l'accord d'une deuxième personne. Rien n'en est public avant.
manage-publications-none = Aucune publication n'attend.
manage-publications-closed = Publications décidées
manage-publication = { $queue } : { $n ->
        [one] 1 créneau
       *[other] { $n } créneaux
    }
manage-publication-few = Sur { $waiting } personnes qui attendent, { $could ->
        [0] aucune ne pourrait
        [one] 1 pourrait
       *[other] { $could } pourraient
    } accepter le créneau qui convient au plus grand nombre. Demandez pourquoi ces créneaux sont utiles avant de les publier. Le tirage le dira au public.
staff-done-publication = Rien n'est encore publié. Une deuxième personne doit confirmer ces créneaux.
staff-todo-publications = { $n ->
        [one] publication à confirmer
       *[other] publications à confirmer
    }
manage-rules-part-slots = Les créneaux publiés
manage-rules-public-hours = Heures de publication avant la liste
manage-rules-public-hours-hint = De 0 à 336. Un créneau publié ou rendu plus tard attend la liste suivante.
manage-rules-survival = Part des places pour qu'un tirage compte, en %
manage-rules-survival-hint = De 0 à 100. Qui pouvait en accepter moins ne gagne pas d'ancienneté.
manage-rules-few = Part de ceux qui attendent, en %
manage-rules-few-hint = De 0 à 100. Si aucune place ne convient à cette part, une deuxième personne confirme la publication. 0 : jamais.
manage-rules-late-limit = Rendre sans frais jusqu'à (heures avant)
manage-rules-late-limit-hint = Au plus le préavis minimum.
manage-rules-miss = Un rendez-vous manqué
manage-rules-late-cancel = Un rendez-vous rendu trop tard
manage-rules-objection-days = Jours pour contester
manage-rules-objection-days-hint = De 8 à 60. Un rendez-vous manqué ou rendu tard n'a pas de suite avant.
manage-rules-pause-days = Jours de pause
manage-rules-pause-days-hint = De 1 à 365, seulement pour une pause.
manage-rules-choice-pause = Pause, ancienneté perdue
manage-rules-choice-close = Fermeture de la demande
manage-rules-part-who = Qui
manage-rules-scope = Une seule demande par personne et par démarche
manage-rules-scope-installation = dans toutes les préfectures de ce service
manage-rules-scope-prefecture = dans cette préfecture
manage-rules-admit = Les identités seulement déclarées comptent dans les tirages
manage-rules-admit-hint = Sinon, seules les identités vérifiées comptent.
manage-rules-identity-days = Jours pour faire vérifier son identité
manage-rules-identity-days-hint = De 7 à 365. Ensuite la demande est fermée.
manage-rules-retention-days = Jours avant l'effacement des données
manage-rules-retention-days-hint = De 30 à 1825, comptés depuis la fin de la demande. Ensuite plus personne ne peut lire le nom ni les contacts.
error-rules-number = Écrivez ici un nombre entier.
error-rules-choice = Choisissez une réponse de la liste.
staff-done-regles-proposees = La proposition est enregistrée. Une autre personne doit l'approuver.
staff-done-regles-approuvees = Les règles sont approuvées. Elles valent à partir du prochain tirage annoncé.

## Tirages

manage-draws-title = Tirages
manage-draws-intro = Un tirage s'annule seulement pour une faute, avec une raison publique, et avec l'accord de deux personnes.
manage-draws-none = Aucun tirage.
manage-draw-title = Tirage n° { $number }
manage-draw-drawn = Tiré { $at }
manage-draw-freezes = Liste close { $at }
manage-draw-counts = { $entries } demandes, { $slots } créneaux, { $won } convocations
manage-draw-proposed = Annulation proposée par { $login } : { $reason }
manage-draw-late = Le hasard de ce tirage, attendu le { $due }, n'est pas arrivé. Le tirage attend. S'il manque encore le { $until }, il sera annulé. Prévenez l'équipe technique : les relais du réseau drand sont-ils joignables ?
manage-draw-annulled = Raison publique : { $reason }
manage-draw-annul = Proposer l'annulation
manage-draw-approve = Approuver l'annulation
manage-draw-not-annulled = Annulation proposée (« { $reason } »), { $became }
manage-annul-approve-title = Approuver l'annulation d'un tirage
manage-annul-approve-warning = { $n ->
    [0] Aucun rendez-vous à venir n'est annulé.
    [one] Un rendez-vous à venir est annulé : la personne est prévenue avec des excuses, et passe en premier au prochain tirage.
   *[other] { $n } rendez-vous à venir sont annulés : chaque personne est prévenue avec des excuses, et passe en premier au prochain tirage.
} { $unsurvived ->
    [0] Ce tirage n'avait ajouté d'ancienneté à personne.
    [one] Une personne perd l'ancienneté que ce tirage lui avait donnée.
   *[other] { $unsurvived } personnes perdent l'ancienneté que ce tirage leur avait donnée.
} Le tirage reste public, avec la raison. Cela ne peut pas être défait.
manage-annul-title = Proposer l'annulation d'un tirage
manage-annul-warning = Si une deuxième personne approuve, les rendez-vous à venir de ce tirage sont annulés, chaque personne est prévenue avec des excuses et passe en premier au prochain tirage. Le tirage reste public, avec la raison. Cela ne peut pas être défait.
manage-annul-confirm = Proposer l'annulation
manage-annul-reason-hint = Publique : tout le monde la lira. De 5 à 300 caractères, sans aucun nom.
staff-done-annulation-proposee = L'annulation est proposée. Une deuxième personne doit l'approuver.
staff-done-annulation = Le tirage est annulé.

## Priorités

manage-priorities-title = Priorités et réserves à approuver
manage-priorities-intro = Une priorité fait passer une demande avant les autres, et une réserve lui ouvre des places gardées. Il faut deux personnes et une raison.
manage-priorities-none = Aucune priorité ni réserve n'attend.
manage-priority = Priorité
manage-reserve = Réserve : { $name }
manage-priorities-closed = Rejetées ou retirées
manage-priority-approve = Approuver
manage-compensations-title = Passages en premier à approuver
manage-compensations-intro = La préfecture a repris des rendez-vous. Les personnes sont prévenues et attendent avec leur ancienneté. Elles passent en premier au prochain tirage si une deuxième personne l'approuve. Une liste fermée avant ne change pas.
manage-compensations-none = Aucun passage en premier n'attend.
manage-compensation-people = { $n ->
    [one] Une personne
   *[other] { $n } personnes
}
manage-compensation-age = { $n ->
    [0] Depuis aujourd'hui
    [one] Depuis un jour
   *[other] Depuis { $n } jours
}
manage-compensation-approve = Approuver le passage en premier
manage-compensation-all = Voir toutes les personnes
staff-done-passage = { $n ->
    [0] C'est approuvé. Plus personne n'attendait.
    [one] Une personne passe en premier au prochain tirage.
   *[other] { $n } personnes passent en premier au prochain tirage.
}
manage-moves-title = Changements de file à approuver
manage-moves-intro = Un changement de file emporte la date d'inscription dans une autre démarche. Il a besoin de deux personnes. Jusque-là, la demande reste dans sa file.
manage-moves-none = Aucun changement de file n'attend.
manage-move-queues = De « { $from } » à « { $to } »
staff-done-priorite = La priorité est accordée.

## Alertes

alarm-since = Depuis le { $since }.
alarm-writes-fail = La base de données n'enregistre plus rien ({ $detail }). On peut encore lire les pages, mais personne ne peut s'inscrire ni rien changer. Vérifiez le serveur de la base, ses droits et la place sur le disque.
alarm-draw-late = Le tirage { $subject } est en retard : sa liste n'est pas arrêtée, ou son aléa n'est pas venu. Vérifiez qu'un programme avec le rôle « worker » ou « all » tourne, et que les relais de l'aléa répondent.
alarm-job-silent = La tâche « { $subject } » ne finit plus. Vérifiez qu'un programme avec le rôle « worker » ou « all » tourne ; relancez-le et gardez son journal.
alarm-job-failing = La tâche « { $subject } » échoue ({ $detail }). Elle est refaite d'elle-même. Si cela dure, lisez le journal du programme.
alarm-gateway = La passerelle des messages ({ $subject }) ne prend pas les messages ({ $detail }). Ils attendent un jour au plus, puis partent par la voie suivante.
alarm-register-down = Le registre des numéros ne donne pas de réponse utilisable ({ $detail }). Les demandes gardent leur date, et il sera interrogé de nouveau. Appelez le service qui le tient.
alarm-budget-spent = Le budget de SMS du jour est dépensé ({ $detail } SMS). Les autres messages attendent ou partent par courrier. Augmentez daily_budget si ces SMS sont voulus.
alarm-outbox-late = Des messages sont dus et ne partent pas (nombre : { $detail }). Vérifiez la tâche « outbox » et la passerelle.
alarm-log-tail = Des lignes attendent leur place dans le registre public (nombre : { $detail }). Vérifiez la tâche « log ».
alarm-disk-full = Il reste peu de place sur le disque de { $subject } ({ $detail } Mio). Faites de la place avant que rien ne puisse plus être enregistré.
alarm-certificate = Le certificat de { $subject } va poser problème ({ $detail }). Renouvelez-le.
alarm-witness-contradicts = Le témoin { $subject } détient une autre histoire du registre. Ne changez rien, appelez ses gardiens, et comparez.
alarm-witness-silent = Le témoin { $subject } n'a pas confirmé le registre depuis longtemps (lignes manquantes : { $detail }). Appelez ses gardiens.
alarm-unusual-reading = Un compte ({ $subject }) a ouvert { $detail } dossiers en 24 heures. Voyez la page Lectures, et demandez pourquoi.
alarm-review-late = { $detail } demandes d'examen attendent une réponse depuis plus d'un mois. La loi donne un mois. Voyez la page Demandes d'examen.

# Qui lit les dossiers
manage-readings-title = Qui a ouvert quels dossiers
manage-readings-intro = Chaque ouverture d'un dossier est notée : qui, quand, pourquoi. La personne le voit aussi, sans le nom de l'agent.
manage-readings-unusual = { $login } a ouvert { $n } dossiers en 24 heures. C'est plus que d'habitude : demandez pourquoi.
manage-readings-show = Voir ses lectures
manage-readings-all = Voir toutes les lectures
manage-readings-none = Aucune lecture.
manage-readings-entry = Demande
manage-readings-by = Par
manage-readings-purpose = Pour
manage-readings-when = { $n ->
    [one] { $last }
   *[other] { $n } fois, du { $first } au { $last }
 }

# Comptes
manage-accounts-title = Comptes
manage-accounts-intro = Chacun choisit son mot de passe lui-même, par un lien envoyé à son téléphone. Vous ne voyez ni le lien ni le mot de passe.
manage-account-invite = Inviter quelqu'un
manage-account-invite-lead = Un compte est utilisable quand son propriétaire a choisi un mot de passe, et qu'une deuxième personne l'a confirmé.
manage-account-full-name = Prénom et nom
manage-account-login-hint = Par exemple : prenom.nom
manage-account-phone = Téléphone portable
manage-account-phone-hint = Celui de la personne elle-même. Le lien y est envoyé par SMS.
manage-account-role = Rôle
manage-account-prefecture = Préfecture
manage-account-also-reads = Pour le contrôle : autres préfectures à lire
manage-account-reads = Lit aussi les demandes de : { $prefectures }.
manage-account-sites = Sites où la personne travaille
manage-account-invite-button = Envoyer l'invitation
manage-account-confirm = Confirmer ce compte
manage-account-send = Envoyer un nouveau lien
manage-account-ask-reset = Demander le retrait du second facteur
manage-account-reset = Retirer le second facteur
manage-account-disable = Désactiver
manage-account-enable = Réactiver
manage-account-to-confirm = Invité par { $login }. Une autre personne doit confirmer ce compte.
manage-account-reset-asked = { $login } demande le retrait du second facteur. Une autre personne doit le faire.
manage-account-factor = second facteur installé
manage-account-no-factor = sans second facteur
manage-account-proconnect = identité ProConnect liée
manage-account-unlink = Retirer l'identité ProConnect
manage-account-link-sent = Le lien est parti par SMS, au numéro qui finit par { $end }. Il sert une fois, jusqu'au { $until }.
manage-account-link-trial = Version d'essai : les SMS ne partent pas. Voici le lien :

## Ce qu'une proposition ferait, en chiffres

manage-effect-title = Ce que cela change pour ceux qui attendent
manage-effect-who = Qui
manage-effect-count = { $n }
manage-effect-listed = Personnes dans une liste faite maintenant
manage-effect-newcomer = Passent avant une personne inscrite aujourd'hui
manage-effect-newcomer-chance = Chance d'une place pour une personne inscrite aujourd'hui, avec autant de places qu'au dernier tirage
manage-effect-oldest-chance = La même chance, après le plus grand nombre de tirages passés sans place
manage-effect-others = { $n ->
    [0] Une liste faite maintenant ne contient personne d'autre.
    [one] Une liste faite maintenant contient une autre personne.
   *[other] Une liste faite maintenant contient { $n } autres personnes.
}
manage-effect-now = Aujourd'hui : { $before } avant cette demande, { $beside } au même rang{ $has-chance ->
    [yes] , { $chance } de chance d'une place
   *[no] {""}
}.
manage-effect-then = Après accord : { $before } avant elle, { $beside } au même rang{ $has-chance ->
    [yes] , { $chance } de chance
   *[no] {""}
}.
manage-effect-unlisted = Cette demande n'est dans aucune liste aujourd'hui : pause, identité à vérifier ou rendez-vous donné.
manage-effect-of-chances = Chances calculées avec autant de places qu'au dernier tirage.
manage-effect-from = Dans « { $queue } ».
manage-effect-to = Dans « { $queue } », une liste faite maintenant { $n ->
    [0] n'a personne
    [one] a une personne
   *[other] a { $n } personnes
}.
manage-effect-reserve = Places réservées : parmi les personnes d'une liste faite maintenant ({ $waiting }), { $n ->
    [0] personne n'y a encore droit
    [one] une personne y a déjà droit
   *[other] { $n } y ont déjà droit
}.
manage-effect-compensation = Après accord, passage en premier. { $n ->
    [0] Personne d'autre n'attend dans la même file.
    [one] Une autre personne attend dans la même file.
   *[other] { $n } autres personnes attendent dans les mêmes files.
}
